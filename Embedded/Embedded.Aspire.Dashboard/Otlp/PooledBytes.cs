using System.Buffers;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>Bytes that grow, in a rented array which <see cref="Dispose"/> gives back. One owner at a time.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private const int FirstLength = 1 << 12;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(FirstLength);

    public int Length { get; private set; }

    public Memory<byte> Memory => _array.AsMemory(0, Length);

    public Span<byte> Span => _array.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_array.Length - Length < Math.Max(1, sizeHint))
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(Length + Math.Max(1, sizeHint), _array.Length * 2)));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }
        return _array.AsMemory(Length);
    }

    public void Clear() => Length = 0;

    public void Dispose()
    {
        if (_array.Length > 0) ArrayPool<byte>.Shared.Return(_array);
        (_array, Length) = ([], 0);
    }
}
