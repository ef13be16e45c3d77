namespace Pipeline.Producer.Sources;

/// <summary>What the path of a picture within its folder or archive says.</summary>
internal static class PicturePath
{
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>The folder that the picture lies in; null where it lies in none.</summary>
    public static string? FolderOf(string path) => path.Split(Separators) is [.., var folder, _] ? folder : null;

    /// <summary>What programs keep beside pictures: <c>.git</c>, <c>.DS_Store</c>, <c>__MACOSX</c>.</summary>
    public static bool IsHidden(string path) =>
        path.Split(Separators).Any(part => part.StartsWith('.') && part is not ("." or "..") || part == "__MACOSX");
}
