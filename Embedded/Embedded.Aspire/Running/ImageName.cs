namespace Embedded.Aspire.Running;

/// <summary>An image as people write it: <c>registry/repository:tag@sha256:digest</c>.</summary>
internal readonly record struct ImageName(string? Registry, string Repository, string? Tag, string? Digest)
{
    private const string DigestMark = "@sha256:";

    public static ImageName Parse(string text)
    {
        var digestAt = text.IndexOf(DigestMark, StringComparison.Ordinal);
        var digest = digestAt < 0 ? null : text[(digestAt + DigestMark.Length)..];
        var name = digestAt < 0 ? text : text[..digestAt];

        // A colon before a slash is a registry's port.
        var tagAt = name.LastIndexOf(':');
        var hasTag = tagAt > name.LastIndexOf('/');
        var tag = hasTag ? name[(tagAt + 1)..] : null;
        if (hasTag) name = name[..tagAt];

        // The first part is a registry only when it looks like a host; otherwise it is a user's name.
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isRegistry = first == "localhost" || first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal);
        return new(isRegistry ? first : null, isRegistry ? name[(slash + 1)..] : name, tag, digest);
    }
}
