using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Pipeline.Producer.Sources;

/// <summary>
/// Whatever ffmpeg reads, as JPEGs: a stream that is no MJPEG, a video, a webcam. It is a program of its own, which need not be there.
/// </summary>
internal sealed class FfmpegSource(string address) : IPictureSource
{
    /// <summary>Pixels a row: larger pictures are made smaller, so that their files can be sent.</summary>
    private const int MaxWidth = 1920;

    /// <summary>2 to 31; lower is better, and larger.</summary>
    private const int Quality = 4;

    private const string Webcams = "/dev/video";

    private readonly FileBuffer _buffer = new();

    private bool IsLive => address.Contains("://", StringComparison.Ordinal) || address.StartsWith(Webcams, StringComparison.Ordinal);

    public async IAsyncEnumerable<Frame> ReadAsync(Pace pace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ffmpeg = Start(pace.Rate);
        var said = SaidAsync(ffmpeg.StandardError);
        try
        {
            var frames = 0L;
            await using var files = MultipartStream.ReadAsync(ffmpeg.StandardOutput.BaseStream, _buffer, SilentAtMost(pace.Rate), cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(files, said))
            {
                frames++;
                yield return new Frame(Frame.PictureOf(files.Current));
            }

            if (IsLive || frames == 0)
            {
                throw new SourceAwayException(await said);
            }
        }
        finally
        {
            ffmpeg.Kill(entireProcessTree: true);            // no harm where it has ended
        }
    }

    /// <summary>It shows no more pictures than it is asked for: one a minute is no silence.</summary>
    private static TimeSpan SilentAtMost(double rate) =>
        rate > 0 && 3 / rate > Patience.Usual.TotalSeconds ? TimeSpan.FromSeconds(3 / rate) : Patience.Usual;

    /// <summary>What ffmpeg wrote to its other stream says more than that this one has ended.</summary>
    private static async Task<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>?> files, Task<string> said)
    {
        try
        {
            return await files.MoveNextAsync();
        }
        catch (InvalidDataException nothing)
        {
            throw new SourceAwayException(await said, nothing);
        }
    }

    private Process Start(double rate)
    {
        string[] input = address.StartsWith(Webcams, StringComparison.Ordinal) ? ["-f", "v4l2"]
            : address.StartsWith("rtsp", StringComparison.OrdinalIgnoreCase) ? ["-rtsp_transport", "tcp"]
            : !IsLive && rate > 0 ? ["-re"]                  // a video, as fast as it was taken
            : [];
        var filter = string.Create(CultureInfo.InvariantCulture, $"{(rate > 0 ? $"fps={rate}," : "")}scale=min({MaxWidth}\\,iw):-2");
        var start = new ProcessStartInfo("ffmpeg",
            ["-nostdin", "-hide_banner", "-loglevel", "error", .. input, "-i", address, "-an", "-vf", filter, "-c:v", "mjpeg",
             "-q:v", Quality.ToString(CultureInfo.InvariantCulture), "-f", "mpjpeg", "-"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new SourceAwayException("it needs ffmpeg, which is not installed: apt-get install ffmpeg", missing);
        }
    }

    /// <summary>Its last line, without an address, which may hold a password.</summary>
    private async Task<string> SaidAsync(StreamReader errors)
    {
        string? last = null;
        while (await errors.ReadLineAsync() is { } line)
        {
            last = line.Length > 0 ? line.Replace(address, "the source", StringComparison.Ordinal) : last;
        }

        return last is null ? "ffmpeg has ended" : $"ffmpeg says: {last}";
    }
}
