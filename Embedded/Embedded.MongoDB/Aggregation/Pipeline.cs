using Embedded.MongoDB.Query;

namespace Embedded.MongoDB.Aggregation;

internal sealed class Pipeline
{
    public static Pipeline ParseUpdate(ReadOnlySpan<byte> stages, Variables variables) => throw Errors.BadValue("pipeline updates are not supported yet");
    public byte[] Transform(ReadOnlySpan<byte> document) => document.ToArray();
}
