namespace Pipeline.Contracts.Options;

/// <summary>Where the pictures of a camera come from.</summary>
public enum SourceKind
{
    /// <summary>The sample of CIFAR-10 that comes with the producer.</summary>
    Cifar10,

    /// <summary>All test images of CIFAR-10, where they have been fetched.</summary>
    WholeCifar10,
    Folder,
    Zip,

    /// <summary>Compressed by gzip or not.</summary>
    Tar,

    /// <summary>A snapshot or an MJPEG stream, as the answer says.</summary>
    Http,

    /// <summary>Whatever else shows pictures, read by ffmpeg.</summary>
    Ffmpeg,
}

/// <summary>One camera as a person types it: <c>yard=http://10.0.0.7/snapshot.jpg</c>. Tells what is meant, not whether it is there.</summary>
/// <param name="Name">The camera's; becomes its producer id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Address">A path or an URL.</param>
public sealed record SourceSpec(string Name, SourceKind Kind, string Address)
{
    /// <summary>What can be typed, as a sentence's end.</summary>
    public const string Form =
        "NAME=SPEC, where SPEC is a folder, a .zip, .tar or .tar.gz of pictures, the http:// address of a snapshot or an MJPEG stream, " +
        "cifar10, cifar10:full, or what ffmpeg reads: rtsp://…, a video, /dev/video0, ffmpeg:ANYTHING";

    private const string Sample = "cifar10";
    private const string Whole = "cifar10:full";
    private const string ForFfmpeg = "ffmpeg:";
    private const string Devices = "/dev/";
    private const string Home = "~/";

    private static readonly string[] StreamSchemes = ["rtsp", "rtsps", "rtmp", "rtmps", "rtp", "srt", "udp", "tcp", "hls"];

    private static readonly string[] VideoExtensions =
        [".mp4", ".m4v", ".mov", ".mkv", ".avi", ".webm", ".mpg", ".mpeg", ".ts", ".flv", ".wmv", ".ogv", ".3gp", ".mjpeg", ".mjpg", ".m3u8"];

    /// <summary>For people, in logs and on pages: without the password that an address may hold.</summary>
    public string Shown => $"{Name} ({Addresses.Shown(Address)})";

    private bool IsPath => Kind is SourceKind.Folder or SourceKind.Zip or SourceKind.Tar
        || (Kind is SourceKind.Ffmpeg && !Address.Contains("://", StringComparison.Ordinal)
            && !Address.StartsWith(Devices, StringComparison.Ordinal));

    /// <summary>Reads what was typed, all of it.</summary>
    /// <exception cref="FormatException">The message names the one that is none, and says what can be typed.</exception>
    public static IReadOnlyList<SourceSpec> ParseAll(IEnumerable<string> texts)
    {
        SourceSpec[] specs = [.. texts.Select(Parse)];
        return specs.CountBy(spec => spec.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice }
            ? throw new FormatException($"'{twice}' names {specs.Count(spec => spec.Name == twice)} sources; give each a name of its own.")
            : specs;
    }

    /// <summary>The form that <see cref="ParseAll"/> reads, the same in every folder.</summary>
    public string Rooted() => $"{Name}={(Kind is SourceKind.Ffmpeg ? ForFfmpeg : "")}{(IsPath ? Path.GetFullPath(Address) : Address)}";

    private static SourceSpec Parse(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts is not [{ Length: > 0 and <= Limits.MaxIdLength } name, { Length: > 0 } spec])
        {
            throw new FormatException($"'{Limits.Shortened(text)}' is no source; it must be {Form}.");
        }

        return new SourceSpec(
            name, KindOf(name, spec), AtHome(spec.StartsWith(ForFfmpeg, StringComparison.OrdinalIgnoreCase) ? spec[ForFfmpeg.Length..] : spec));
    }

    /// <summary>A shell leaves the sign for one's own folder as it is behind an equals sign.</summary>
    private static string AtHome(string path) => path.StartsWith(Home, StringComparison.Ordinal)
        ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[Home.Length..])
        : path;

    private static SourceKind KindOf(string name, string spec)
    {
        if (spec.IndexOf("://", StringComparison.Ordinal) is > 0 and var end)
        {
            return KindOfUrl(name, spec, spec[..end]);
        }

        return spec switch
        {
            _ when Is(Sample) => SourceKind.Cifar10,
            _ when Is(Whole) => SourceKind.WholeCifar10,
            _ when spec.StartsWith(ForFfmpeg, StringComparison.OrdinalIgnoreCase) || EndsWith(VideoExtensions) => SourceKind.Ffmpeg,
            _ when spec.StartsWith(Devices, StringComparison.Ordinal) => SourceKind.Ffmpeg,
            _ when EndsWith(".zip") => SourceKind.Zip,
            _ when EndsWith(".tar", ".tar.gz", ".tgz") => SourceKind.Tar,
            _ => SourceKind.Folder,
        };

        bool Is(string word) => spec.Equals(word, StringComparison.OrdinalIgnoreCase);
        bool EndsWith(params string[] ends) => ends.Any(end => spec.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }

    private static SourceKind KindOfUrl(string name, string spec, string scheme)
    {
        if (scheme.StartsWith(ForFfmpeg, StringComparison.OrdinalIgnoreCase) || StreamSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            return SourceKind.Ffmpeg;
        }

        return scheme.ToLowerInvariant() is "http" or "https" && Uri.TryCreate(spec, UriKind.Absolute, out var url)
            ? url.AbsolutePath.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase) ? SourceKind.Ffmpeg : SourceKind.Http
            : throw new FormatException($"the source {name} is '{Limits.Shortened(spec)}'; it must be {Form}.");
    }
}
