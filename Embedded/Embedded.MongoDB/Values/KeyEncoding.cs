using System.Buffers;
using System.Buffers.Binary;
using Embedded.MongoDB.Bson;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>
/// Values as bytes whose plain comparison is the order of <see cref="ValueOrder"/>; equal values have equal bytes. Index
/// rows, the <c>_id</c> key, sort keys and group keys are made of these.
/// </summary>
/// <remarks>
/// A component is a class byte and a payload; components follow each other without a separator because none is the
/// prefix of another. A descending component has every byte inverted.
/// <code>
/// 08 minKey · 10 undefined · 18 null · F8 maxKey          nothing follows
/// 20 number     8 bytes: the largest double ≤ value, sortable · 2 bytes: what an integer has above it · 1 byte: is there a tail · [tail]
/// 28 string     bytes with 00 as 00 FF, then 00 00        (68 regex, 70 dbPointer, 78 code alike)
/// 30 object     per element: class byte, name, payload; then 00            38 array: the same without names
/// 40 binary     length (4 bytes, big-endian), subtype, bytes
/// 48 objectId   12 bytes · 50 false, 51 true · 58 date and 60 timestamp, 8 bytes big-endian
/// </code>
/// </remarks>
internal static class KeyEncoding
{
    private const byte NumberClass = 0x20;
    private const byte BooleanClass = 0x50;

    /// <summary>The class byte of undefined: an empty array in an index or a sort key, since it has no element to stand for it.</summary>
    private const byte UndefinedClass = 0x10;

    /// <summary>Appends the key of one value. A missing value is the key of undefined; callers that mean null say so.</summary>
    public static void Encode(RawValue value, IBufferWriter<byte> output, bool descending = false)
    {
        if (value.IsString && !descending && TryEncodePlain(value.Utf8, output))
        {
            return;
        }
        var key = Rent();
        try
        {
            Append(value, key);
            var bytes = output.GetSpan(key.Length)[..key.Length];
            if (descending)
            {
                Invert(key.Written, bytes);
            }
            else
            {
                key.Written.CopyTo(bytes);
            }
            output.Advance(bytes.Length);
        }
        finally { _spare = key; }
    }

    /// <summary>The key of one value.</summary>
    public static byte[] Encode(RawValue value, bool descending = false)
    {
        var output = new BsonBuffer();
        Encode(value, output, descending);
        return output.ToArray();
    }

    /// <summary>Appends the key that stands for an empty array.</summary>
    public static void EncodeUndefined(IBufferWriter<byte> output, bool descending = false)
    {
        output.GetSpan(1)[0] = (byte)(descending ? UndefinedClass ^ 0xff : UndefinedClass);
        output.Advance(1);
    }

    [ThreadStatic]
    private static BsonBuffer? _spare;

    private static BsonBuffer Rent()
    {
        var buffer = _spare ?? new BsonBuffer();
        _spare = null;
        buffer.Clear();
        return buffer;
    }

    /// <summary>A string without a NUL inside is its own payload: the common case goes straight to the output.</summary>
    private static bool TryEncodePlain(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (text.Contains((byte)0))
        {
            return false;
        }
        var span = output.GetSpan(text.Length + 3);
        span[0] = 0x28;
        text.CopyTo(span[1..]);
        span[text.Length + 1] = 0;
        span[text.Length + 2] = 0;
        output.Advance(text.Length + 3);
        return true;
    }

    private static void Append(RawValue value, BsonBuffer key)
    {
        var start = key.Length;
        key.WriteByte(ClassByte(value.Type));
        AppendPayload(value, key);
        if (value.Type == BsonType.Boolean)
        {
            // Standing alone, the class byte itself says which of the two it is.
            var set = key.From(start)[1] != 0;
            key.Truncate(start);
            key.WriteByte((byte)(BooleanClass + (set ? 1 : 0)));
        }
    }

    private static void AppendPayload(RawValue value, BsonBuffer key)
    {
        switch (value.Type)
        {
            case BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128:
                AppendNumber(Number.From(value), key);
                break;
            case BsonType.String or BsonType.Symbol or BsonType.JavaScript:
                AppendEscaped(value.Utf8, key);
                break;
            case BsonType.Document:
                AppendElements(value.Bytes, named: true, key);
                break;
            case BsonType.Array:
                AppendElements(value.Bytes, named: false, key);
                break;
            case BsonType.Binary:
                BinaryPrimitives.WriteInt32BigEndian(key.Take(4), value.Bytes.Length - 5);
                key.Write(value.Bytes[4..]);
                break;
            case BsonType.ObjectId:
                key.Write(value.Bytes);
                break;
            case BsonType.Boolean:
                // Inside an object the name comes between class and value, so the class byte cannot carry the value.
                key.WriteByte(value.Bytes[0]);
                break;
            case BsonType.DateTime:
                BinaryPrimitives.WriteInt64BigEndian(key.Take(8), value.AsInt64 ^ long.MinValue);
                break;
            case BsonType.Timestamp:
                BinaryPrimitives.WriteInt64BigEndian(key.Take(8), value.AsInt64);
                break;
            case BsonType.RegularExpression:
                var end = value.Bytes.IndexOf((byte)0);
                AppendEscaped(value.Bytes[..end], key);
                AppendEscaped(value.Bytes[(end + 1)..^1], key);
                break;
            case BsonLayout.DbPointer:
                AppendEscaped(value.Bytes[4..^13], key);
                key.Write(value.Bytes[^12..]);
                break;
            case BsonType.JavaScriptWithScope:
                var (code, scope) = ValueOrder.SplitCode(value.Bytes);
                AppendEscaped(value.Bytes[code], key);
                AppendElements(value.Bytes[scope..], named: true, key);
                break;
        }
    }

    private static void AppendElements(ReadOnlySpan<byte> document, bool named, BsonBuffer key)
    {
        var elements = new Elements(document);
        while (elements.MoveNext())
        {
            key.WriteByte(ClassByte(elements.Type));
            if (named)
            {
                AppendEscaped(elements.Name, key);
            }
            AppendPayload(elements.Value, key);
        }
        key.WriteByte(0);
    }

    private static void AppendEscaped(ReadOnlySpan<byte> text, BsonBuffer key)
    {
        int zero;
        while ((zero = text.IndexOf((byte)0)) >= 0)
        {
            key.Write(text[..(zero + 1)]);
            key.WriteByte(0xff);
            text = text[(zero + 1)..];
        }
        key.Write(text);
        key.Write([0, 0]);
    }

    private static void AppendNumber(Number number, BsonBuffer key)
    {
        double floor;
        ushort above = 0;
        var tail = false;
        if (number.Type == BsonType.Double)
        {
            floor = number.ToDouble();
        }
        else if (number.IsInteger)
        {
            floor = Floor(number.Integer);
            above = (ushort)((Int128)number.Integer - (Int128)floor);
        }
        else
        {
            var exact = number.ToDecimal();
            floor = Floor(exact);
            tail = exact.IsFinite && !IsExact(exact, floor, out above);
        }

        BinaryPrimitives.WriteUInt64BigEndian(key.Take(8), Sortable(floor));
        BinaryPrimitives.WriteUInt16BigEndian(key.Take(2), above);
        key.WriteByte(tail ? (byte)1 : (byte)0);
        if (tail)
        {
            AppendTail(number.ToDecimal(), key);
        }
    }

    private static ulong Sortable(double value)
    {
        if (double.IsNaN(value))
        {
            return 0;
        }
        var bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0.0 : value);
        return bits >> 63 != 0 ? ~bits : bits | (1UL << 63);
    }

    private static double Floor(long value)
    {
        var real = (double)value;
        return (Int128)real > value ? Math.BitDecrement(real) : real;
    }

    private static double Floor(DecimalNumber value)
    {
        if (!value.IsFinite)
        {
            return value.Special;
        }
        var real = value.ToDouble();
        return DecimalNumber.Compare(DecimalNumber.Exactly(real), value) > 0 ? Math.BitDecrement(real) : real;
    }

    /// <summary>
    /// Whether double and residual say all there is to the value. Among the int64s beyond 2^53 the residual is filled in
    /// also where a fraction remains, or such a decimal would sort before the integers below it.
    /// </summary>
    private static bool IsExact(DecimalNumber value, double floor, out ushort above)
    {
        above = 0;
        if (DecimalNumber.Compare(DecimalNumber.Exactly(floor), value) == 0)
        {
            return true;
        }
        if (Math.Abs(floor) is < 9007199254740992 or > 9.3E18)
        {
            return false;
        }
        var whole = value.RoundTo(0, truncate: true);
        if (DecimalNumber.Compare(whole, value) > 0)
        {
            whole -= 1;
        }
        var residual = whole - DecimalNumber.Exactly(floor);
        if (residual.Sign < 0 || DecimalNumber.Compare(residual, 1023) > 0 || DecimalNumber.Compare(whole, long.MaxValue) > 0)
        {
            return false;
        }
        above = (ushort)residual.Truncated;
        return DecimalNumber.Compare(whole, value) == 0;
    }

    private static void AppendTail(DecimalNumber value, BsonBuffer key)
    {
        var tail = key.Take(20);
        tail[0] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(tail[1..], (ushort)(value.AdjustedExponent + 8192));
        var digits = value.LeadingDigits;
        for (var i = 0; i < 17; i++)
        {
            tail[3 + i] = (byte)(((digits[2 * i] - '0') << 4) | (digits[2 * i + 1] - '0'));
        }
        if (value.Sign < 0)
        {
            Invert(tail, tail);
        }
    }

    private static void Invert(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = (byte)~from[i];
        }
    }

    private static byte ClassByte(BsonType type) => ValueOrder.ClassOf(type) switch
    {
        1 => 0x08,
        2 => UndefinedClass,
        3 => 0x18,
        4 => NumberClass,
        5 => 0x28,
        6 => 0x30,
        7 => 0x38,
        8 => 0x40,
        9 => 0x48,
        10 => BooleanClass,
        11 => 0x58,
        12 => 0x60,
        13 => 0x68,
        14 => 0x70,
        15 => 0x78,
        16 => 0x80,
        _ => 0xf8,
    };
}
