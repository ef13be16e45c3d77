using System.Buffers;
using Embedded.MongoDB.Query;

namespace Embedded.MongoDB.Cursors;

/// <summary>Until projections are here: refused, since the whole document would be a wrong answer.</summary>
internal sealed class Projection
{
    public FieldUse Uses => FieldUse.All;

    public static Projection Parse(ReadOnlySpan<byte> spec, Variables variables) =>
        throw new CommandException(ErrorCode.NotImplemented, "projections are not supported yet");

    public void Apply(ReadOnlySpan<byte> document, IBufferWriter<byte> output) => output.Write(document);
}
