using System.IO.Pipelines;
using System.Text;
using Pipeline.Contracts;
using Pipeline.Producer.Sources;

namespace Pipeline.Tests.Producer.Sources;

/// <summary>Streams as cameras write them, which keep to no one standard.</summary>
public sealed class MultipartStreamTests
{
    private static readonly byte[] One = AJpeg.Of(1), Two = AJpeg.Of(2);

    [Theory]
    [InlineData("--frame", "--frame", true)]
    [InlineData("\r\n--frame", "--frame", true)]                           // ESP32-CAM
    [InlineData("----frame", "----frame", true)]                           // the header says boundary=--frame
    [InlineData("--video boundary--", "--video boundary--", true)]
    [InlineData("--frame", "--frame", false)]
    public async Task Frames_are_found_with_their_lengths_or_without(string first, string between, bool hasLength)
    {
        byte[] stream = [.. Head(first, One, hasLength), .. One, .. "\r\n"u8, .. Head(between, Two, hasLength), .. Two, .. "\r\n"u8,
            .. Bytes($"{between}\r\n")];

        Assert.Equal([One, Two], await ReadAsync(new MemoryStream(stream)));
        Assert.Equal([One, Two], await ReadAsync(new OneByteAtATime(stream)));
    }

    [Fact]
    public async Task A_frame_that_says_its_length_is_there_before_the_next_one_begins()
    {
        var pipe = new Pipe();
        await using var frames = MultipartStream.ReadAsync(pipe.Reader.AsStream(), new FileBuffer(), TimeSpan.FromSeconds(10), default)
            .GetAsyncEnumerator();
        var first = frames.MoveNextAsync();

        await pipe.Writer.WriteAsync((byte[])[.. Head("--frame", One, hasLength: true), .. One, .. "\r\n--frame\r\n"u8]);

        Assert.True(await first.AsTask().WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(One, frames.Current!.Value.ToArray());
    }

    [Fact]
    public async Task A_frame_that_is_shorter_than_it_says_ends_where_the_next_one_begins()
    {
        byte[] stream = [.. Head("--frame", [.. One, 0, 0], hasLength: true), .. One, .. "\r\n"u8, .. Head("--frame", Two, hasLength: true), .. Two,
            .. "\r\n--frame--\r\n"u8];

        Assert.Equal([One, Two], await ReadAsync(new MemoryStream(stream)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_frame_that_is_too_large_to_be_sent_is_told_and_the_next_one_comes(bool hasLength)
    {
        var large = new byte[2 * Limits.MaxPictureBytes];
        byte[] stream = [.. Head("--frame", large, hasLength), .. large, .. "\r\n"u8, .. Head("--frame", One, hasLength), .. One,
            .. "\r\n--frame--\r\n"u8];

        Assert.Equal([null, One], await ReadAsync(new MemoryStream(stream)));
    }

    [Theory]
    [InlineData("<html>\r\n<body>no camera</body>\r\n</html>\r\n")]
    [InlineData("")]
    [InlineData("--\r\n\r\n")]
    public async Task What_is_no_stream_of_pictures_is_refused(string text) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new MemoryStream(Bytes(text))));

    [Theory]
    [InlineData("")]
    [InlineData("--frame\r\nContent-Type: ")]
    [InlineData("--frame\r\nContent-Type: image/jpeg\r\n\r\nwhat is none\r\n--frame")]
    public async Task A_line_without_an_end_is_not_read_for_ever(string before)
    {
        var read = 0;

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new Endless(Bytes(before), count => read += count)));

        Assert.InRange(read, 1, 20 * 1024 * 1024);
    }

    [Fact]
    public async Task Every_cut_ends_the_stream_with_whole_frames_only()
    {
        byte[] stream = [.. Head("--frame", One, hasLength: true), .. One, .. "\r\n"u8, .. Head("--frame", Two, hasLength: true), .. Two,
            .. "\r\n--frame\r\n"u8];
        for (var length = 9; length < stream.Length; length += 97)
        {
            Assert.All(await ReadAsync(new MemoryStream(stream, 0, length)), frame => Assert.Contains(frame, (byte[][])[One, Two]));
        }
    }

    private static async Task<List<byte[]?>> ReadAsync(Stream stream)
    {
        List<byte[]?> frames = [];
        await foreach (var frame in MultipartStream.ReadAsync(stream, new FileBuffer(), TimeSpan.FromSeconds(10), default))
        {
            frames.Add(frame?.ToArray());
        }
        return frames;
    }

    private static byte[] Head(string boundary, byte[] file, bool hasLength) =>
        Bytes($"{boundary}\r\nContent-Type: image/jpeg\r\n{(hasLength ? $"Content-Length: {file.Length}\r\n" : "")}\r\n");

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private sealed class OneByteAtATime(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }

    private sealed class Endless(byte[] before, Action<int> read) : MemoryStream(before)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var count = await base.ReadAsync(buffer, cancellationToken);
            buffer.Span[count..].Fill((byte)'x');
            read(buffer.Length);
            cancellationToken.ThrowIfCancellationRequested();
            return buffer.Length;
        }
    }
}
