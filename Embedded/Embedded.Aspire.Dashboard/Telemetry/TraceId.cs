using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>Sixteen bytes that all spans of a trace share. The default value, all zero, means "none".</summary>
public readonly record struct TraceId(ulong High, ulong Low)
{
    public const int ByteCount = 16;

    public bool IsEmpty => (High | Low) == 0;

    /// <param name="bytes">Sixteen bytes, in the order of the wire.</param>
    public static TraceId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..ByteCount]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    /// <param name="hex">32 hexadecimal digits, of either case.</param>
    public static bool TryParse([NotNullWhen(true)] string? hex, out TraceId id)
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        var isWhole = hex is { Length: ByteCount * 2 } && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        id = isWhole ? Read(bytes) : default;
        return isWhole;
    }

    /// <exception cref="FormatException">Not 32 hexadecimal digits.</exception>
    public static TraceId Parse(string hex) =>
        TryParse(hex, out var id) ? id : throw new FormatException($"A trace id has 32 hexadecimal digits; this is '{hex}'.");

    /// <summary>32 hexadecimal digits, in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
