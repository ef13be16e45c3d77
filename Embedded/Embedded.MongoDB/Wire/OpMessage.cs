using System.Buffers.Binary;
using System.Text;

namespace Embedded.MongoDB.Wire;

/// <summary>Flag bits of an OP_MSG. The lower 16 must be understood by the receiver, the upper 16 may be ignored.</summary>
[Flags]
public enum OpMessageFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The message ends in a CRC-32C.</summary>
    ChecksumPresent = 1,

    /// <summary>On a request: no reply is wanted. On a reply: another reply follows without being asked for.</summary>
    MoreToCome = 2,

    /// <summary>The client takes replies it did not ask for.</summary>
    ExhaustAllowed = 1 << 16,
}

/// <summary>A run of documents beside the body (section kind 1): the array that the command names <see cref="Identifier"/>.</summary>
/// <param name="Identifier">The field of the command that these documents stand for.</param>
/// <param name="Documents">Documents back to back; not an array, so without keys.</param>
public readonly record struct DocumentSequence(string Identifier, ReadOnlyMemory<byte> Documents);

/// <summary>
/// OP_MSG: flags, then sections in any order, exactly one of which is the command itself (kind 0).
/// <code>
/// uint32 flags · { byte 0 · document | byte 1 · int32 size · cstring identifier · document* }* · [uint32 CRC-32C]
/// </code>
/// </summary>
public sealed class OpMessage
{
    private const uint UnderstoodBits = (uint)(OpMessageFlags.ChecksumPresent | OpMessageFlags.MoreToCome);
    private const int MaxSequenceCount = 16;

    private OpMessage(MessageHeader header, OpMessageFlags flags, ReadOnlyMemory<byte> body, List<DocumentSequence> sequences)
    {
        Header = header;
        Flags = flags;
        Body = body;
        Sequences = sequences;
    }

    /// <summary>The message's header.</summary>
    public MessageHeader Header { get; }

    /// <summary>The message's flags.</summary>
    public OpMessageFlags Flags { get; }

    /// <summary>The command or the reply, one document.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The documents beside the body.</summary>
    public IReadOnlyList<DocumentSequence> Sequences { get; }

    /// <summary>Takes a message apart. Nothing is copied: the result borrows from <paramref name="message"/>.</summary>
    /// <remarks>Checks that documents fill their sections exactly; what is inside them is for the BSON reader to judge.</remarks>
    /// <exception cref="WireException">The message is not well-formed.</exception>
    public static OpMessage Parse(ReadOnlyMemory<byte> message)
    {
        var span = message.Span;
        if (span.Length < MessageHeader.Size + 4)
        {
            throw new WireException("an OP_MSG ends before its flags");
        }

        var header = MessageHeader.Read(span);
        if (header.Length != span.Length)
        {
            throw new WireException($"an OP_MSG says {header.Length} bytes and has {span.Length}");
        }

        var bits = BinaryPrimitives.ReadUInt32LittleEndian(span[MessageHeader.Size..]);
        if ((bits & 0xffff & ~UnderstoodBits) != 0)
        {
            throw new WireException($"the required flag bits {bits & 0xffff & ~UnderstoodBits:x} are not understood", code: 223);
        }

        var flags = (OpMessageFlags)bits;
        var end = span.Length;
        if (flags.HasFlag(OpMessageFlags.ChecksumPresent))
        {
            end -= 4;
            if (end < MessageHeader.Size + 4 || Crc32C.Compute(span[..end]) != BinaryPrimitives.ReadUInt32LittleEndian(span[end..]))
            {
                throw new WireException("the checksum of an OP_MSG is wrong");
            }
        }

        ReadOnlyMemory<byte>? body = null;
        var sequences = new List<DocumentSequence>(1);
        for (var position = MessageHeader.Size + 4; position < end;)
        {
            var kind = span[position++];
            if (kind == 0)
            {
                if (body is not null)
                {
                    throw new WireException("an OP_MSG has two bodies", code: 40430);
                }

                var length = DocumentLength(span[position..end]);
                body = message.Slice(position, length);
                position += length;
            }
            else if (kind == 1)
            {
                var sequence = ReadSequence(message[position..end], out var length);
                if (sequences.Count == MaxSequenceCount || sequences.Exists(other => other.Identifier == sequence.Identifier))
                {
                    throw new WireException($"the document sequence '{sequence.Identifier}' comes twice", code: 40431);
                }

                sequences.Add(sequence);
                position += length;
            }
            else
            {
                throw new WireException($"section kind {kind} is not known", code: 40432);
            }
        }

        return new(header, flags, body ?? throw new WireException("an OP_MSG has no body", code: 40587), sequences);
    }

    /// <summary>Begins an OP_MSG; the caller appends the body document and then calls <see cref="End"/>.</summary>
    /// <returns>Where the message starts in <paramref name="output"/>.</returns>
    public static int Begin(PooledBuffer output, int requestId, int responseTo, OpMessageFlags flags = OpMessageFlags.None)
    {
        var start = output.Count;
        new MessageHeader(0, requestId, responseTo, OpCode.Message).Write(output.GetSpan(MessageHeader.Size));
        output.Advance(MessageHeader.Size);
        output.WriteInt32((int)flags);
        output.WriteByte(0);
        return start;
    }

    /// <summary>Begins a document sequence; the caller appends documents and then calls <see cref="EndSequence"/>.</summary>
    public static int BeginSequence(PooledBuffer output, string identifier)
    {
        output.WriteByte(1);
        var start = output.Count;
        output.WriteInt32(0);
        output.Write(Encoding.UTF8.GetBytes(identifier));
        output.WriteByte(0);
        return start;
    }

    /// <summary>Fills in the sequence's size.</summary>
    public static void EndSequence(PooledBuffer output, int start) => output.PatchInt32(start, output.Count - start);

    /// <summary>Fills in the message's length.</summary>
    public static void End(PooledBuffer output, int start) => output.PatchInt32(start, output.Count - start);

    private static DocumentSequence ReadSequence(ReadOnlyMemory<byte> rest, out int length)
    {
        var span = rest.Span;
        length = span.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(span);
        if (length < 5 || length > span.Length)
        {
            throw new WireException($"a document sequence of {length} bytes does not fit into its message");
        }

        var nameLength = span[4..length].IndexOf((byte)0);
        if (nameLength is < 0 or > 255)
        {
            throw new WireException("a document sequence has no name");
        }

        var first = 4 + nameLength + 1;
        for (var position = first; position < length;)
        {
            position += DocumentLength(span[position..length]);
        }

        return new(Encoding.UTF8.GetString(span.Slice(4, nameLength)), rest[first..length]);
    }

    private static int DocumentLength(ReadOnlySpan<byte> rest)
    {
        var length = rest.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (length < 5 || length > rest.Length || rest[length - 1] != 0)
        {
            throw new WireException($"a document of {length} bytes does not fit into the {rest.Length} bytes that are left", code: 22);
        }

        return length;
    }
}
