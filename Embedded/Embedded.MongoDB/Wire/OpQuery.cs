using System.Buffers.Binary;
using System.Text;

namespace Embedded.MongoDB.Wire;

/// <summary>
/// OP_QUERY as it survives: a hello to <c>admin.$cmd</c>, from a client that does not know the server yet.
/// <code>int32 flags · cstring collection · int32 skip · int32 count · document · [projection]</code>
/// </summary>
/// <param name="Header">The message's header.</param>
/// <param name="FullCollectionName">Database, a dot, and <c>$cmd</c>.</param>
/// <param name="Body">The command.</param>
public sealed record OpQuery(MessageHeader Header, string FullCollectionName, ReadOnlyMemory<byte> Body)
{
    /// <summary>Takes a message apart; the result borrows from it.</summary>
    /// <exception cref="WireException">The message is not well-formed.</exception>
    public static OpQuery Parse(ReadOnlyMemory<byte> message)
    {
        var span = message.Span;
        var header = MessageHeader.Read(span);
        const int nameStart = MessageHeader.Size + 4;
        var nameLength = header.Length == span.Length && span.Length > nameStart ? span[nameStart..].IndexOf((byte)0) : -1;
        var bodyStart = nameStart + nameLength + 1 + 8;
        if (nameLength is < 0 or > 255 || span.Length - bodyStart < 5)
        {
            throw new WireException("an OP_QUERY ends too early");
        }

        var bodyLength = BinaryPrimitives.ReadInt32LittleEndian(span[bodyStart..]);
        if (bodyLength < 5 || bodyLength > span.Length - bodyStart || span[bodyStart + bodyLength - 1] != 0)
        {
            throw new WireException("the document of an OP_QUERY does not fit into its message");
        }

        return new(header, Encoding.UTF8.GetString(span.Slice(nameStart, nameLength)), message.Slice(bodyStart, bodyLength));
    }

    /// <summary>Begins an OP_QUERY; the caller appends the command document and then calls <see cref="OpMessage.End"/>.</summary>
    public static int Begin(PooledBuffer output, int requestId, string fullCollectionName)
    {
        var start = output.Count;
        new MessageHeader(0, requestId, 0, OpCode.Query).Write(output.GetSpan(MessageHeader.Size));
        output.Advance(MessageHeader.Size);
        output.WriteInt32(4);           // a secondary may answer: a hello is for whoever is there
        output.Write(Encoding.UTF8.GetBytes(fullCollectionName));
        output.WriteByte(0);
        output.WriteInt32(0);
        output.WriteInt32(-1);
        return start;
    }
}
