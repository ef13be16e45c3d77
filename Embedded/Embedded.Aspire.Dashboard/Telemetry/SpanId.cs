using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>Eight bytes that tell the spans of a trace apart. The default value, all zero, means "none".</summary>
public readonly record struct SpanId(ulong Value)
{
    public const int ByteCount = 8;

    public bool IsEmpty => Value == 0;

    /// <param name="bytes">Eight bytes, in the order of the wire.</param>
    public static SpanId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes));

    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt64BigEndian(bytes, Value);

    /// <param name="hex">16 hexadecimal digits, of either case.</param>
    public static bool TryParse([NotNullWhen(true)] string? hex, out SpanId id)
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        var isWhole = hex is { Length: ByteCount * 2 } && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        id = isWhole ? Read(bytes) : default;
        return isWhole;
    }

    /// <exception cref="FormatException">Not 16 hexadecimal digits.</exception>
    public static SpanId Parse(string hex) =>
        TryParse(hex, out var id) ? id : throw new FormatException($"A span id has 16 hexadecimal digits; this is '{hex}'.");

    /// <summary>16 hexadecimal digits, in lower case.</summary>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
