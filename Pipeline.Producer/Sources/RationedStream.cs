namespace Pipeline.Producer.Sources;

/// <summary>A stream that is read to so many bytes at a time: the reader of parts keeps a line in memory however long it is.</summary>
internal sealed class RationedStream(Stream stream, int rationBytes) : Stream
{
    private int _readBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Begins the next ration.</summary>
    public void Renew() => _readBytes = 0;

    /// <exception cref="InvalidDataException">The ration is used up.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await stream.ReadAsync(buffer, cancellationToken);
        _readBytes += count;
        return _readBytes <= rationBytes
            ? count
            : throw new InvalidDataException($"it is no stream of pictures: {rationBytes} bytes came in which there was none");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() { }
}
