using System.Buffers.Binary;
using System.Text;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions;

/// <summary>
/// Expressions being evaluated over one document: where its fields lie, what variables hold, and room for values that
/// are nowhere in the document. The room is used again for the next document, so evaluating allocates next to nothing.
/// </summary>
/// <remarks>For one thread at a time. Values it hands out are good until the next <see cref="Begin"/>.</remarks>
internal sealed class Evaluation
{
    private const int ChunkBytes = 4096;

    /// <summary>No value may grow beyond this, or doubling a string a few dozen times would take all memory.</summary>
    private const int MaxValueBytes = 64 * 1024 * 1024;

    private readonly byte[][] _names;
    private readonly (BsonType Type, int Start, int End)[] _slots;
    private readonly (BsonType Type, byte[] Chunk, int Start, int Length)[] _variables;
    private readonly List<byte[]> _chunks = [new byte[ChunkBytes]];
    private int _chunk;
    private int _used;

    public Evaluation(ExpressionScope scope)
    {
        _names = scope.FieldNames;
        _slots = new (BsonType, int, int)[_names.Length];
        _variables = new (BsonType, byte[], int, int)[scope.VariableCount];
    }

    /// <summary>
    /// Where arrays and documents are put together. Whoever begins one there finishes or truncates it; in between,
    /// evaluating something else may use what comes after.
    /// </summary>
    public BsonBuffer Scratch { get; } = new();

    /// <summary>Turns to a document: finds the fields that the expressions name, and stops reading when it has them all.</summary>
    public void Begin(ReadOnlySpan<byte> root)
    {
        _chunk = 0;
        _used = 0;
        if (_chunks.Count > 64)
        {
            _chunks.RemoveRange(1, _chunks.Count - 1);
        }
        Array.Clear(_slots);
        var missing = _names.Length;
        if (missing == 0)
        {
            return;
        }
        var elements = new Elements(root);
        while (missing > 0 && elements.MoveNext())
        {
            var name = elements.Name;
            for (var i = 0; i < _names.Length; i++)
            {
                if (_names[i].Length != name.Length || _slots[i].Type != BsonType.EndOfDocument || !name.SequenceEqual(_names[i]))
                {
                    continue;
                }
                _slots[i] = (elements.Type, elements.ValueStart, elements.End);
                missing--;
                break;
            }
        }
    }

    /// <summary>A top-level field of the document, found by <see cref="Begin"/>.</summary>
    public RawValue Field(ReadOnlySpan<byte> root, int slot)
    {
        var (type, start, end) = _slots[slot];
        return new(type, root[start..end]);
    }

    public RawValue Variable(int number)
    {
        var (type, chunk, start, length) = _variables[number];
        return new(type, chunk.AsSpan(start, length));
    }

    public void SetVariable(int number, RawValue value)
    {
        var room = Room(value.Bytes.Length, out var chunk, out var start);
        value.Bytes.CopyTo(room);
        _variables[number] = (value.Type, chunk, start, value.Bytes.Length);
    }

    public RawValue Of(Number number)
    {
        var room = Room(16, out _, out _);
        switch (number.Type)
        {
            case BsonType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(room, (int)number.Integer);
                return new(number.Type, room[..4]);
            case BsonType.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(room, number.Integer);
                return new(number.Type, room[..8]);
            case BsonType.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(room, number.ToDouble());
                return new(number.Type, room[..8]);
            default:
                number.ToDecimal().Write(room);
                return new(number.Type, room);
        }
    }

    /// <param name="milliseconds">Since 1970, UTC.</param>
    public RawValue Date(long milliseconds)
    {
        var room = Room(8, out _, out _);
        BinaryPrimitives.WriteInt64LittleEndian(room, milliseconds);
        return new(BsonType.DateTime, room);
    }

    public RawValue String(ReadOnlySpan<byte> utf8)
    {
        var room = Room(utf8.Length + 5, out _, out _);
        BinaryPrimitives.WriteInt32LittleEndian(room, utf8.Length + 1);
        utf8.CopyTo(room[4..]);
        room[^1] = 0;
        return new(BsonType.String, room);
    }

    public RawValue String(string text) => String(Encoding.UTF8.GetBytes(text));

    /// <summary>A copy that outlives what the bytes now lie in, until the next document.</summary>
    public RawValue Keep(BsonType type, ReadOnlySpan<byte> bytes)
    {
        var room = Room(bytes.Length, out _, out _);
        bytes.CopyTo(room);
        return new(type, room);
    }

    /// <summary>Ends the document or array that was begun at that position of <see cref="Scratch"/> and takes it from there.</summary>
    public RawValue Finish(BsonType type, int start)
    {
        Scratch.EndDocument(start);
        var value = Keep(type, Scratch.From(start));
        Scratch.Truncate(start);
        return value;
    }

    private Span<byte> Room(int count, out byte[] chunk, out int start)
    {
        if (count > MaxValueBytes)
        {
            throw new CommandException(ErrorCode.ExceededMemoryLimit, $"an expression's value takes more than {MaxValueBytes} bytes");
        }
        while (_chunks[_chunk].Length - _used < count)
        {
            _chunk++;
            _used = 0;
            if (_chunk == _chunks.Count)
            {
                _chunks.Add(new byte[Math.Max(ChunkBytes, count)]);
            }
        }
        chunk = _chunks[_chunk];
        start = _used;
        _used += count;
        return chunk.AsSpan(start, count);
    }
}
