using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Contracts;

/// <summary>
/// Which picture: the first 128 bits of the SHA-256 of what its camera sent, its id and its time apart. Ids come from cameras, which may count from 1
/// again; a prediction names its image by both, so that it lands on no other.
/// </summary>
public readonly record struct ImageDigest
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    private readonly UInt128 _value;

    private ImageDigest(ReadOnlySpan<byte> bytes) => _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);

    public static ImageDigest Of(CapturedImage image)
    {
        // "Png" stands for a file of any format, as it did when there was no other: who computes a digest need not know formats.
        var form = image.Picture.Format == PictureFormat.Rgb24 ? "Rgb24" : "Png";
        var header = $"{image.ProducerId}\n{image.GroundTruth}\n{form}\n";
        var length = Encoding.UTF8.GetMaxByteCount(header.Length) + image.Picture.Data.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var headerBytes = Encoding.UTF8.GetBytes(header, rented);
            image.Picture.Data.Span.CopyTo(rented.AsSpan(headerBytes));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(rented.AsSpan(0, headerBytes + image.Picture.Data.Length), hash);
            return new ImageDigest(hash[..Size]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Null where these are not the bytes of a digest: older senders write none.</summary>
    public static ImageDigest? From(ReadOnlySpan<byte> bytes) => bytes.Length == Size ? new ImageDigest(bytes) : null;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToBytes());
}
