using System.Buffers.Binary;

namespace Embedded.MongoDB.Wire;

/// <summary>
/// OP_REPLY, the answer to <see cref="OpQuery"/>: always one document.
/// <code>int32 flags · int64 cursor id · int32 starting from · int32 count · document</code>
/// </summary>
public static class OpReply
{
    private const int BodyStart = MessageHeader.Size + 20;

    /// <summary>Begins a reply; the caller appends the document and then calls <see cref="OpMessage.End"/>.</summary>
    public static int Begin(PooledBuffer output, int requestId, int responseTo)
    {
        var start = output.Count;
        new MessageHeader(0, requestId, responseTo, OpCode.Reply).Write(output.GetSpan(MessageHeader.Size));
        output.Advance(MessageHeader.Size);
        output.WriteInt32(8);           // "await capable", which every server has said since 2010
        output.WriteInt32(0);
        output.WriteInt32(0);
        output.WriteInt32(0);
        output.WriteInt32(1);
        return start;
    }

    /// <summary>The reply's document, which borrows from <paramref name="message"/>.</summary>
    /// <exception cref="WireException">The message is no reply with one document.</exception>
    public static ReadOnlyMemory<byte> ParseBody(ReadOnlyMemory<byte> message)
    {
        var span = message.Span;
        if (span.Length < BodyStart + 5 || MessageHeader.Read(span).Length != span.Length)
        {
            throw new WireException("an OP_REPLY ends too early");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(span[BodyStart..]);
        if (length < 5 || length > span.Length - BodyStart || span[BodyStart + length - 1] != 0)
        {
            throw new WireException("the document of an OP_REPLY does not fit into its message");
        }

        return message.Slice(BodyStart, length);
    }
}
