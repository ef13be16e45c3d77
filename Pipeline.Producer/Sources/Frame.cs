using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Producer.Sources;

/// <summary>One picture that a source has shown, or why it is none.</summary>
/// <param name="Picture">As it came: its bytes and their format.</param>
/// <param name="Name">Which of the source's; null where they have no names, because one is like the other.</param>
/// <param name="Truth">What it shows, a label; null where the source does not know.</param>
/// <param name="DueAt">When it was to be taken; null: when it came, because the source itself sets the pace.</param>
internal readonly record struct Frame(Parsed<Picture> Picture, string? Name = null, string? Truth = null, DateTimeOffset? DueAt = null)
{
    /// <summary>Of a file in a folder or an archive, at the instant when its picture is due; what is no picture waits for none.</summary>
    public static async ValueTask<Frame> OfFileAsync(
        Parsed<Picture> picture, string path, FolderLabels labels, Pace pace, CancellationToken cancellationToken) =>
        new(picture, path, labels.TruthOf(path), picture.IsRead(out _, out _) ? await pace.WaitAsync(cancellationToken) : null);

    /// <param name="file">Null where it is larger than what may be sent.</param>
    public static Parsed<Picture> PictureOf(ReadOnlyMemory<byte>? file) => file is { } bytes
        ? Contracts.Pixels.Picture.Read(bytes)
        : new Problem(ProblemKind.TooLarge, $"a picture's file has at most {Limits.MaxPictureBytes} bytes, and this one more");
}
