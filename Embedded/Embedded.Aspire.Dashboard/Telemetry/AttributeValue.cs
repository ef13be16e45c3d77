using System.Globalization;
using System.Text;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>What an <see cref="AttributeValue"/> holds; the numbers are those of OTLP's AnyValue fields.</summary>
public enum AttributeKind
{
    Empty = 0,
    String = 1,
    Bool = 2,
    Int = 3,
    Double = 4,
    Array = 5,
    List = 6,
    Bytes = 7,
}

/// <summary>A value as OTLP has it: one of seven kinds, or nothing. Sixteen bytes; numbers cost no allocation.</summary>
public readonly struct AttributeValue : IEquatable<AttributeValue>
{
    private static readonly object BoolKind = new();
    private static readonly object IntKind = new();
    private static readonly object DoubleKind = new();

    // The text, array, list or bytes; or which kind of number the bits are.
    private readonly object? _reference;
    private readonly long _bits;

    private AttributeValue(object reference, long bits = 0) => (_reference, _bits) = (reference, bits);

    public static AttributeValue Empty => default;

    public AttributeKind Kind => _reference switch
    {
        null => AttributeKind.Empty,
        string => AttributeKind.String,
        AttributeValue[] => AttributeKind.Array,
        Attributes => AttributeKind.List,
        byte[] => AttributeKind.Bytes,
        var kind when ReferenceEquals(kind, IntKind) => AttributeKind.Int,
        var kind when ReferenceEquals(kind, BoolKind) => AttributeKind.Bool,
        _ => AttributeKind.Double,
    };

    public string? AsString => _reference as string;
    public bool? AsBool => ReferenceEquals(_reference, BoolKind) ? _bits != 0 : null;
    public long? AsInt => ReferenceEquals(_reference, IntKind) ? _bits : null;
    public double? AsDouble => ReferenceEquals(_reference, DoubleKind) ? BitConverter.Int64BitsToDouble(_bits) : null;
    public IReadOnlyList<AttributeValue>? AsArray => _reference as AttributeValue[];
    public Attributes? AsList => _reference as Attributes;
    public ReadOnlyMemory<byte>? AsBytes => _reference is byte[] bytes ? bytes : null;

    /// <summary>A number of either kind, for comparisons.</summary>
    public double? AsNumber => AsInt ?? AsDouble;

    public static AttributeValue Of(string value) => new(value);
    public static AttributeValue Of(bool value) => new(BoolKind, value ? 1 : 0);
    public static AttributeValue Of(long value) => new(IntKind, value);
    public static AttributeValue Of(double value) => new(DoubleKind, BitConverter.DoubleToInt64Bits(value));
    public static AttributeValue Of(AttributeValue[] values) => new(values);
    public static AttributeValue Of(Attributes list) => new(list);
    public static AttributeValue Of(byte[] bytes) => new(bytes);

    public static implicit operator AttributeValue(string value) => Of(value);
    public static implicit operator AttributeValue(long value) => Of(value);
    public static implicit operator AttributeValue(double value) => Of(value);
    public static implicit operator AttributeValue(bool value) => Of(value);

    /// <summary>Bytes of memory, roughly: what the limits count.</summary>
    public int EstimatedBytes => _reference switch
    {
        string text => 24 + (2 * text.Length),
        AttributeValue[] values => 24 + (16 * values.Length) + values.Sum(value => value.EstimatedBytes),
        Attributes list => list.EstimatedBytes,
        byte[] bytes => 24 + bytes.Length,
        _ => 0,
    };

    /// <summary>Equal in kind and in content; doubles by their bits, so NaN equals itself.</summary>
    public bool Equals(AttributeValue other) => (_reference, other._reference) switch
    {
        (string a, string b) => a == b,
        (AttributeValue[] a, AttributeValue[] b) => a.AsSpan().SequenceEqual(b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (Attributes a, Attributes b) => a.Equals(b),
        _ => ReferenceEquals(_reference, other._reference) && _bits == other._bits,
    };

    public override bool Equals(object? obj) => obj is AttributeValue other && Equals(other);

    public override int GetHashCode() => _reference switch
    {
        string text => text.GetHashCode(StringComparison.Ordinal),
        AttributeValue[] values => HashCode.Combine(values.Length, values.Length == 0 ? 0 : values[0].GetHashCode()),
        byte[] bytes => bytes.Length,
        Attributes list => list.GetHashCode(),
        _ => HashCode.Combine(Kind, _bits),
    };

    public static bool operator ==(AttributeValue left, AttributeValue right) => left.Equals(right);
    public static bool operator !=(AttributeValue left, AttributeValue right) => !left.Equals(right);

    /// <summary>For people: text as it is, numbers in the invariant culture, arrays and lists as in JSON, bytes in base64.</summary>
    public override string ToString()
    {
        if (_reference is string text) return text;
        var builder = new StringBuilder();
        AppendTo(builder, quoted: false);
        return builder.ToString();
    }

    private void AppendTo(StringBuilder builder, bool quoted)
    {
        switch (Kind)
        {
            case AttributeKind.String: builder.Append(quoted ? $"\"{AsString}\"" : AsString); break;
            case AttributeKind.Bool: builder.Append(AsBool is true ? "true" : "false"); break;
            case AttributeKind.Int: builder.Append(CultureInfo.InvariantCulture, $"{_bits}"); break;
            case AttributeKind.Double: builder.Append(CultureInfo.InvariantCulture, $"{AsDouble}"); break;
            case AttributeKind.Bytes: builder.Append(Convert.ToBase64String((byte[])_reference!)); break;
            case AttributeKind.Array:
                builder.Append('[');
                foreach (var (index, value) in ((AttributeValue[])_reference!).Index())
                {
                    if (index > 0) builder.Append(',');
                    value.AppendTo(builder, quoted: true);
                }
                builder.Append(']');
                break;
            case AttributeKind.List:
                builder.Append('{');
                foreach (var (index, attribute) in ((Attributes)_reference!).Index())
                {
                    if (index > 0) builder.Append(',');
                    builder.Append(CultureInfo.InvariantCulture, $"\"{attribute.Key}\":");
                    attribute.Value.AppendTo(builder, quoted: true);
                }
                builder.Append('}');
                break;
        }
    }
}
