using System.Buffers;

namespace Embedded.Kafka.Connections;

/// <summary>
/// Where one connection's bytes arrive: a pooled array in which requests are parsed, and record batches stamped, in place.
/// It starts small, so that a thousand idle connections cost little, and grows to the largest frame it has to hold.
/// </summary>
internal sealed class ReceiveBuffer : IDisposable
{
    private const int SmallBytes = 16 << 10;
    private const int KeepBytes = 4 << 20;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(SmallBytes);
    private int _start;
    private int _end;

    /// <summary>Received and not yet consumed.</summary>
    public Memory<byte> Unread => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Free space behind the unread bytes. Nothing moves while a receive into it is under way.</summary>
    public Memory<byte> Free => _bytes.AsMemory(_end);

    public void Received(int count) => _end += count;

    public void Consume(int count) => _start += count;

    /// <summary>Makes room for a frame of <paramref name="frameBytes"/> in all, of which a part may be here already.</summary>
    public void MakeRoom(int frameBytes)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (frameBytes > _bytes.Length || (_bytes.Length > KeepBytes && frameBytes <= KeepBytes && _end - _start <= SmallBytes))
        {
            Move(Math.Max(frameBytes, SmallBytes));
        }
        else if (_start + frameBytes > _bytes.Length || _end == _bytes.Length)
        {
            Compact();
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _bytes, []));

    private void Compact()
    {
        Unread.CopyTo(_bytes);
        (_start, _end) = (0, _end - _start);
    }

    private void Move(int bytes)
    {
        var other = ArrayPool<byte>.Shared.Rent(bytes);
        Unread.CopyTo(other);
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = (other, 0, _end - _start);
    }
}
