using Pipeline.Contracts;

namespace Pipeline.Producer.Sources;

/// <summary>What the path of a picture within its folder or archive says.</summary>
internal static class PicturePath
{
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>What pictures in a folder show that is named after one of CIFAR-10's classes. Any other name may as well be a day's or a camera's.</summary>
    public static string? TruthOf(string path) =>
        path.Split(Separators) is [.., var folder, _] && Labels.TryRead(folder, out var label) && Labels.All.Contains(label) ? label : null;

    /// <summary>What programs keep beside pictures: <c>.git</c>, <c>.DS_Store</c>, <c>__MACOSX</c>.</summary>
    public static bool IsHidden(string path) => path.Split(Separators).Any(part => part.StartsWith('.') && part is not ("." or "..") || part == "__MACOSX");
}
