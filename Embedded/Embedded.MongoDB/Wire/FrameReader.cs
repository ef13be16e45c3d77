using System.Buffers;

namespace Embedded.MongoDB.Wire;

/// <summary>
/// Takes whole messages from a stream, one after the other, each into one contiguous piece of memory.
/// A length in a header is a claim: memory grows with the bytes that have come (twice as much, plus a step), never with the
/// bytes that were announced.
/// </summary>
public sealed class FrameReader(Stream input) : IDisposable
{
    private const int FirstBytes = 16 * 1024;
    private const int StepBytes = 1024 * 1024;

    /// <summary>A connection keeps this much for its next message; what is larger goes back to the pool.</summary>
    private const int KeptBytes = 8 * 1024 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _received;
    private int _consumed;

    /// <summary>The next message, header included; empty at the end of the stream.</summary>
    /// <returns>Memory that is valid until the next call.</returns>
    /// <exception cref="WireException">The announced length is impossible, or the stream ends inside a message.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        DropConsumed();

        while (_received < MessageHeader.Size)
        {
            if (await ReceiveAsync(MessageHeader.Size, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            return _received == 0 ? default : throw new WireException("the connection ended inside a message header");
        }

        var length = MessageHeader.Read(_bytes).Length;
        while (_received < length)
        {
            if (!await ReceiveAsync(length, cancellationToken).ConfigureAwait(false))
            {
                throw new WireException($"the connection ended after {_received} of {length} bytes of a message");
            }
        }

        _consumed = length;
        return _bytes.AsMemory(0, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length == 0)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _received = _consumed = 0;
    }

    private async ValueTask<bool> ReceiveAsync(int wantedBytes, CancellationToken cancellationToken)
    {
        if (_received == _bytes.Length)
        {
            Resize((int)Math.Min(Math.Max(wantedBytes, FirstBytes), (long)_received * 2 + StepBytes));
        }

        var count = await input.ReadAsync(_bytes.AsMemory(_received), cancellationToken).ConfigureAwait(false);
        _received += count;
        return count > 0;
    }

    /// <summary>A client may send its next request before it has read the reply: those bytes move to the front.</summary>
    private void DropConsumed()
    {
        if (_consumed == 0)
        {
            return;
        }

        _bytes.AsSpan(_consumed, _received - _consumed).CopyTo(_bytes);
        _received -= _consumed;
        _consumed = 0;
        if (_bytes.Length > KeptBytes && _received <= FirstBytes)
        {
            Resize(FirstBytes);
        }
    }

    private void Resize(int byteCount)
    {
        var other = ArrayPool<byte>.Shared.Rent(byteCount);
        _bytes.AsSpan(0, _received).CopyTo(other);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = other;
    }
}
