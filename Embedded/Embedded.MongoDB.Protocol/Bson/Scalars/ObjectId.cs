using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace MongoDB.Bson;

/// <summary>
/// Twelve bytes that are unique without asking anyone: seconds since 1970 (big-endian), five random bytes of this process, and a
/// counter of three bytes that starts anywhere. Ids of one process sort by the second in which they were made.
/// </summary>
public struct ObjectId : IComparable<ObjectId>, IEquatable<ObjectId>
{
    private const int Size = 12;

    private static readonly long ProcessRandom = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & 0xff_ffff_ffff;
    private static int Counter = RandomNumberGenerator.GetInt32(1 << 24);

    private readonly uint _a;
    private readonly uint _b;
    private readonly uint _c;

    public ObjectId(byte[] bytes) : this((bytes ?? throw new ArgumentNullException(nameof(bytes))).AsSpan()) { }

    /// <param name="value">24 hexadecimal digits.</param>
    public ObjectId(string value) => this = Parse(value);

    internal ObjectId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"An ObjectId has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
    }

    private ObjectId(uint a, uint b, uint c) => (_a, _b, _c) = (a, b, c);

    /// <summary>All zeros.</summary>
    public static ObjectId Empty => default;

    /// <summary>Seconds since 1970.</summary>
    public readonly int Timestamp => (int)_a;

    public readonly DateTime CreationTime => DateTime.UnixEpoch.AddSeconds(_a);

    public static ObjectId GenerateNewId() => GenerateNewId(DateTime.UtcNow);

    public static ObjectId GenerateNewId(DateTime timestamp) =>
        GenerateNewId((int)(uint)(timestamp.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);

    public static ObjectId GenerateNewId(int timestamp)
    {
        var counter = (uint)Interlocked.Increment(ref Counter) & 0xffffff;
        return new((uint)timestamp, (uint)(ProcessRandom >> 8), ((uint)ProcessRandom << 24) | counter);
    }

    /// <exception cref="FormatException">Not 24 hexadecimal digits.</exception>
    public static ObjectId Parse(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, out var id) ? id : throw new FormatException($"'{s}' is not a valid 24 digit hex string.");
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out ObjectId objectId)
    {
        objectId = default;
        if (s is not { Length: 2 * Size } || !s.All(char.IsAsciiHexDigit))
            return false;
        objectId = new(Convert.FromHexString(s).AsSpan());
        return true;
    }

    public readonly byte[] ToByteArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    public readonly int CompareTo(ObjectId other)
    {
        var order = _a.CompareTo(other._a);
        if (order == 0)
            order = _b.CompareTo(other._b);
        return order == 0 ? _c.CompareTo(other._c) : order;
    }

    public readonly bool Equals(ObjectId rhs) => _a == rhs._a && _b == rhs._b && _c == rhs._c;

    public override readonly bool Equals(object? obj) => obj is ObjectId other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_a, _b, _c);

    /// <summary>24 lower-case hexadecimal digits.</summary>
    public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_a:x8}{_b:x8}{_c:x8}");

    public static bool operator ==(ObjectId lhs, ObjectId rhs) => lhs.Equals(rhs);

    public static bool operator !=(ObjectId lhs, ObjectId rhs) => !lhs.Equals(rhs);

    public static bool operator <(ObjectId lhs, ObjectId rhs) => lhs.CompareTo(rhs) < 0;

    public static bool operator <=(ObjectId lhs, ObjectId rhs) => lhs.CompareTo(rhs) <= 0;

    public static bool operator >(ObjectId lhs, ObjectId rhs) => lhs.CompareTo(rhs) > 0;

    public static bool operator >=(ObjectId lhs, ObjectId rhs) => lhs.CompareTo(rhs) >= 0;

    internal readonly void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], _c);
    }
}
