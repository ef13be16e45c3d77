using System.Buffers.Binary;

namespace Pipeline.Contracts.Pixels;

/// <summary>
/// The chunks of a PNG file, one after the other, each with its CRC checked. As a stream it gives the data of the
/// current run of IDAT chunks, which is one zlib stream cut into pieces.
/// </summary>
internal sealed class PngChunks(Stream file) : Stream
{
    private uint _remaining;            // data bytes of the current chunk not yet read
    private uint _crc;                  // of the current chunk so far

    /// <summary>Type of the current chunk.</summary>
    public uint Type { get; private set; }

    /// <summary>Data bytes of the current chunk.</summary>
    public uint DataBytes { get; private set; }

    public void ReadSignature()
    {
        Span<byte> signature = stackalloc byte[8];
        if (file.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false) < signature.Length || !signature.SequenceEqual(PngFormat.Signature))
        {
            throw PngException.Broken("it does not begin with the PNG signature");
        }
    }

    /// <summary>Goes to the next chunk; the current one must have been read to its end.</summary>
    public void Next()
    {
        Span<byte> head = stackalloc byte[8];
        Fill(head);
        DataBytes = _remaining = BinaryPrimitives.ReadUInt32BigEndian(head);
        Type = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if (DataBytes > int.MaxValue)
        {
            throw PngException.Broken("a chunk is longer than PNG allows");
        }

        _crc = PngFormat.Crc(0, head[4..]);
    }

    /// <summary>All data of the current chunk, whose length the caller has bounded.</summary>
    public void ReadData(Span<byte> data)
    {
        Fill(data);
        Took(data);
        CheckCrc();
    }

    /// <summary>Passes over the current chunk's data; a wrong CRC counts there too.</summary>
    public void Skip()
    {
        Span<byte> scratch = stackalloc byte[512];
        while (_remaining > 0)
        {
            var part = scratch[..(int)Math.Min(_remaining, (uint)scratch.Length)];
            Fill(part);
            Took(part);
        }
        CheckCrc();
    }

    /// <summary>Bytes of the zlib stream; 0 at the first chunk that is not IDAT.</summary>
    public override int Read(Span<byte> buffer)
    {
        while (Type == PngFormat.Idat && _remaining == 0)
        {
            CheckCrc();
            Next();
        }
        if (Type != PngFormat.Idat || buffer.IsEmpty)
        {
            return 0;
        }

        var count = file.Read(buffer[..(int)Math.Min(_remaining, (uint)buffer.Length)]);
        if (count == 0)
        {
            throw PngException.Broken("it ends too early");
        }

        Took(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    private void Took(ReadOnlySpan<byte> data)
    {
        _crc = PngFormat.Crc(_crc, data);
        _remaining -= (uint)data.Length;
    }

    private void CheckCrc()
    {
        Span<byte> stored = stackalloc byte[4];
        Fill(stored);
        if (BinaryPrimitives.ReadUInt32BigEndian(stored) != _crc)
        {
            throw PngException.Broken("a chunk's CRC does not match its data");
        }
    }

    private void Fill(Span<byte> buffer)
    {
        if (file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw PngException.Broken("it ends too early");
        }
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Length => throw new NotSupportedException();
}
