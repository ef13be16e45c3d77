using System.Buffers.Binary;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>One binary that stands outside its row.</summary>
/// <param name="NameOffset">Where the name of the top-level field that holds it begins in the skeleton.</param>
/// <param name="LengthOffset">Where the binary's length stands in the skeleton.</param>
/// <param name="LengthBytes">The payload's true length.</param>
/// <param name="Ordinal">Its number in the row; the payload's id is <c>row * 256 + ordinal</c>.</param>
internal readonly record struct PayloadEntry(int NameOffset, int LengthOffset, int LengthBytes, byte Ordinal);

/// <summary>
/// The bytes of a stored document. Big binaries stand outside the row, because a scan that groups by a label must not
/// drag every picture through the cache.
/// <code>
/// byte 0 · document
/// byte 1 · uint8 count · count × (int32 name offset · int32 length offset · int32 length · uint8 ordinal) · skeleton
/// </code>
/// A skeleton is a well-formed document in which the moved binaries have length 0; offsets count from its first byte.
/// Entries stand in the order of their offsets. Layout version 1; a change needs a new first byte.
/// </summary>
internal readonly ref struct StoredRow
{
    /// <summary>Binaries from this size on leave the row.</summary>
    public const int MinPayloadBytes = 1024;

    /// <summary>At most so many leave one row; further ones stay in it.</summary>
    public const int MaxPayloadCount = 255;

    private const byte Plain = 0;
    private const byte Skeleton = 1;
    private const int EntryBytes = 13;

    private readonly ReadOnlySpan<byte> _entries;

    public StoredRow(ReadOnlySpan<byte> stored)
    {
        if (stored[0] == Plain)
        {
            _entries = default;
            Document = stored[1..];
            return;
        }

        if (stored[0] != Skeleton)
        {
            throw new InvalidDataException($"a row begins with byte {stored[0]}, which a newer version may know");
        }

        var count = stored[1];
        _entries = stored.Slice(2, count * EntryBytes);
        Document = stored[(2 + count * EntryBytes)..];
    }

    /// <summary>The document, where <see cref="PayloadCount"/> is 0, and otherwise its skeleton.</summary>
    public ReadOnlySpan<byte> Document { get; }

    public int PayloadCount => _entries.Length / EntryBytes;

    public PayloadEntry Payload(int index)
    {
        var entry = _entries.Slice(index * EntryBytes, EntryBytes);
        return new(
            BinaryPrimitives.ReadInt32LittleEndian(entry),
            BinaryPrimitives.ReadInt32LittleEndian(entry[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(entry[8..]),
            entry[12]);
    }

    /// <summary>The length of the whole document, payloads included.</summary>
    public int TrueLengthBytes
    {
        get
        {
            var length = Document.Length;
            for (var i = 0; i < PayloadCount; i++)
            {
                length += Payload(i).LengthBytes;
            }

            return length;
        }
    }

    /// <summary>The name of the top-level field that holds a payload.</summary>
    public ReadOnlySpan<byte> FieldOf(PayloadEntry entry)
    {
        var rest = Document[entry.NameOffset..];
        return rest[..rest.IndexOf((byte)0)];
    }

    /// <summary>Whether what reads these fields would see a payload missing.</summary>
    public bool NeedsPayload(FieldUse uses)
    {
        for (var i = 0; i < PayloadCount; i++)
        {
            if (NeedsPayload(Payload(i), uses))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same of one payload.</summary>
    public bool NeedsPayload(PayloadEntry entry, FieldUse uses)
    {
        var field = FieldOf(entry);
        if (!uses.Includes(field))
        {
            return false;
        }
        var value = entry.NameOffset + field.Length + 1;
        if ((BsonType)Document[entry.NameOffset - 1] != BsonType.Document)
        {
            return true;                        // the binary itself; or an array, into each of whose documents a path leads
        }
        var elements = new Elements(Document.Slice(value, BinaryPrimitives.ReadInt32LittleEndian(Document[value..])));
        while (elements.MoveNext())
        {
            if (entry.LengthOffset < value + elements.End)
            {
                return uses.Includes(field, elements.Name);
            }
        }
        return true;
    }

    /// <summary>Whether two top-level fields of one name hold payloads: legal, odd, and then told apart only in the whole document.</summary>
    public bool HasRepeatedFields
    {
        get
        {
            for (var i = 1; i < PayloadCount; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var (entry, earlier) = (Payload(i), Payload(j));
                    if (entry.NameOffset != earlier.NameOffset && FieldOf(entry).SequenceEqual(FieldOf(earlier)))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    /// <summary>Puts the document together again.</summary>
    /// <param name="row">The row's number.</param>
    /// <param name="payloads">Finds payloads by their ids.</param>
    /// <param name="output">Receives the whole document.</param>
    public void Assemble(long row, PayloadReader payloads, PooledBuffer output)
    {
        if (PayloadCount == 0)
        {
            output.Write(Document);
            return;
        }

        var entry = 0;
        Assemble(Document, 0, ref entry, row, payloads, output);
    }

    private void Assemble(ReadOnlySpan<byte> document, int offset, ref int entry, long row, PayloadReader payloads, PooledBuffer output)
    {
        var start = output.Count;
        var copied = 0;
        for (var elements = new Elements(document); entry < PayloadCount && elements.MoveNext();)
        {
            var payload = Payload(entry);
            if (payload.LengthOffset >= offset + elements.End)
            {
                continue;
            }

            output.Write(document[copied..elements.ValueStart]);
            copied = elements.End;
            if (payload.LengthOffset == offset + elements.ValueStart)
            {
                output.WriteInt32(payload.LengthBytes);
                output.WriteByte(document[elements.ValueStart + 4]);
                payloads.Append(row, payload, output);
                entry++;
            }
            else
            {
                Assemble(elements.ValueBytes, offset + elements.ValueStart, ref entry, row, payloads, output);
            }
        }

        output.Write(document[copied..]);
        output.PatchInt32(start, output.Count - start);
    }

    /// <summary>Writes a row without payloads.</summary>
    public static void WritePlain(ReadOnlySpan<byte> document, PooledBuffer output)
    {
        output.WriteByte(Plain);
        output.Write(document);
    }

    /// <summary>Writes a row whose payloads are listed in <paramref name="entries"/>.</summary>
    public static void WriteSkeleton(ReadOnlySpan<byte> skeleton, List<PayloadEntry> entries, PooledBuffer output)
    {
        output.WriteByte(Skeleton);
        output.WriteByte((byte)entries.Count);
        foreach (var entry in entries)
        {
            output.WriteInt32(entry.NameOffset);
            output.WriteInt32(entry.LengthOffset);
            output.WriteInt32(entry.LengthBytes);
            output.WriteByte(entry.Ordinal);
        }

        output.Write(skeleton);
    }
}
