using System.Buffers.Binary;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// Takes a document apart into a row and the payloads that stand outside it. One object serves the writer for all rows.
/// </summary>
internal sealed class SkeletonBuilder : IDisposable
{
    private readonly PooledBuffer _skeleton = new();
    private readonly List<PayloadEntry> _entries = [];
    private readonly List<(byte Ordinal, int Start, int Length)> _moved = [];
    private readonly List<(byte[] Field, PayloadEntry Entry)> _kept = [];
    private int _nextOrdinal;

    /// <summary>The row, after <see cref="Build"/>.</summary>
    public PooledBuffer Row { get; } = new();

    /// <summary>Payloads to be written: their ordinals and where they stand in the document that was taken apart.</summary>
    public IReadOnlyList<(byte Ordinal, int Start, int Length)> Moved => _moved;

    /// <summary>The length of the whole document, payloads included.</summary>
    public int TrueLengthBytes { get; private set; }

    public void Begin()
    {
        _skeleton.Clear();
        Row.Clear();
        _entries.Clear();
        _moved.Clear();
        _kept.Clear();
        _nextOrdinal = 0;
    }

    /// <summary>
    /// Takes over the payloads of the row as it was: the change left the fields that hold them alone, so they need neither
    /// be read nor written. Call between <see cref="Begin"/> and <see cref="Build"/>.
    /// </summary>
    public void Keep(StoredRow old)
    {
        for (var i = 0; i < old.PayloadCount; i++)
        {
            var entry = old.Payload(i);
            _kept.Add((old.FieldOf(entry).ToArray(), entry));
            _nextOrdinal = Math.Max(_nextOrdinal, entry.Ordinal + 1);
        }
    }

    /// <summary>Makes <see cref="Row"/> and <see cref="Moved"/> from a document, or from a skeleton with what <see cref="Keep"/> took over.</summary>
    public void Build(ReadOnlySpan<byte> document)
    {
        TrueLengthBytes = document.Length;
        if (_kept.Count == 0 && document.Length < StoredRow.MinPayloadBytes)
        {
            StoredRow.WritePlain(document, Row);
            return;
        }

        Copy(document, document, nameOffset: -1);
        if (_entries.Count == 0)
        {
            StoredRow.WritePlain(document, Row);
        }
        else
        {
            StoredRow.WriteSkeleton(_skeleton.WrittenSpan, _entries, Row);
        }
    }

    public void Dispose()
    {
        _skeleton.Dispose();
        Row.Dispose();
    }

    /// <param name="whole">The document that offsets in <see cref="Moved"/> count from.</param>
    /// <param name="document">The part of it to copy.</param>
    /// <param name="nameOffset">Where the enclosing top-level field's name stands in the skeleton; −1 at the top.</param>
    private void Copy(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> document, int nameOffset)
    {
        var isTop = nameOffset < 0;
        var start = _skeleton.Count;
        var copied = 0;
        for (var elements = new Elements(document); elements.MoveNext();)
        {
            if (isTop && _kept.Count > 0 && KeepsField(elements.Name, _skeleton.Count + elements.Start - copied + 1))
            {
                continue;
            }

            var isBinary = elements.Type == BsonType.Binary;
            var isNested = elements.Type is BsonType.Document or BsonType.Array;
            if (!(isBinary || isNested) || elements.End - elements.ValueStart < StoredRow.MinPayloadBytes
                || _nextOrdinal >= StoredRow.MaxPayloadCount)
            {
                continue;
            }

            _skeleton.Write(document[copied..elements.ValueStart]);
            copied = elements.End;
            var field = isTop ? _skeleton.Count - (elements.ValueStart - elements.Start) + 1 : nameOffset;
            if (isBinary && elements.End - elements.ValueStart - 5 >= StoredRow.MinPayloadBytes)
            {
                Move(whole, elements.ValueBytes, field);
            }
            else if (isNested)
            {
                Copy(whole, elements.ValueBytes, field);
            }
            else
            {
                _skeleton.Write(elements.ValueBytes);
            }
        }

        _skeleton.Write(document[copied..]);
        _skeleton.PatchInt32(start, _skeleton.Count - start);
    }

    private void Move(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> value, int nameOffset)
    {
        var ordinal = (byte)_nextOrdinal++;
        _entries.Add(new(nameOffset, _skeleton.Count, value.Length - 5, ordinal));
        whole.Overlaps(value, out var offset);
        _moved.Add((ordinal, offset + 5, value.Length - 5));
        _skeleton.WriteInt32(0);
        _skeleton.WriteByte(value[4]);
    }

    /// <summary>A field whose payloads stay where they are: it may have moved within the document, its inside has not changed.</summary>
    private bool KeepsField(ReadOnlySpan<byte> name, int nameOffset)
    {
        var isKept = false;
        foreach (var (field, entry) in _kept)
        {
            if (!name.SequenceEqual(field))
            {
                continue;
            }

            _entries.Add(entry with { NameOffset = nameOffset, LengthOffset = nameOffset + entry.LengthOffset - entry.NameOffset });
            TrueLengthBytes += entry.LengthBytes;
            isKept = true;
        }

        return isKept;
    }
}
