using System.Buffers;
using System.Buffers.Binary;

namespace Embedded.MongoDB.Wire;

/// <summary>
/// A growing, contiguous piece of rented memory. Contiguous, because lengths inside a message are known only after what
/// they count has been written, and are patched in then.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes;
    private int _count;

    /// <summary>Rents at least <paramref name="capacityBytes"/>.</summary>
    public PooledBuffer(int capacityBytes = 4096) => _bytes = ArrayPool<byte>.Shared.Rent(capacityBytes);

    /// <summary>Bytes written so far.</summary>
    public int Count => _count;

    /// <summary>Bytes rented.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, _count);

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _count);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - _count));
        _count += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_count);
    }

    /// <summary>Appends <paramref name="bytes"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }

    /// <summary>Appends one byte.</summary>
    public void WriteByte(byte value)
    {
        Reserve(1);
        _bytes[_count++] = value;
    }

    /// <summary>Appends a little-endian int32.</summary>
    public void WriteInt32(int value)
    {
        Reserve(4);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_count), value);
        _count += 4;
    }

    /// <summary>Overwrites four bytes at <paramref name="position"/>, which were written before.</summary>
    public void PatchInt32(int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(0, _count)[position..], value);

    /// <summary>Forgets everything from <paramref name="position"/> on.</summary>
    public void Truncate(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)position, (uint)_count);
        _count = position;
    }

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear() => _count = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length == 0)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _count = 0;
    }

    private void Reserve(int byteCount)
    {
        if (_bytes.Length - _count >= byteCount)
        {
            return;
        }

        var wanted = Math.Max((long)_bytes.Length * 2, (long)_count + byteCount);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, Array.MaxLength));
        _bytes.AsSpan(0, _count).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
