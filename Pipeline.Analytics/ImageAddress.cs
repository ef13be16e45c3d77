using Microsoft.AspNetCore.Http.Features;

namespace Pipeline.Analytics;

/// <summary>Where an image is found: <c>api/images/ID</c>, below it its picture at <c>/png</c> and its truth at <c>/truth</c>, the id escaped as one part of a path.</summary>
/// <remarks>
/// Read from the request as it came: the server decodes what it routes by, and leaves only the slash, so "a%2Fb" and "a/b" would be one.
/// An id of nothing but one dot or two has no address: whoever resolves it takes it for a folder.
/// </remarks>
internal static class ImageAddress
{
    private const string Images = "/api/images/";

    private const string Picture = "/png";

    private const string Truth = "/truth";

    /// <summary>The address the older pages have.</summary>
    private const string PictureFile = ".png";

    /// <summary>Relative to the page.</summary>
    public static string Of(string id) => Images[1..] + Uri.EscapeDataString(id);

    public static string OfPicture(string id) => Of(id) + Picture;

    public static string OfTruth(string id) => Of(id) + Truth;

    /// <summary>Which image is asked for.</summary>
    /// <param name="isPicture">Whether its picture is.</param>
    /// <returns>An id that ends in .png is also the picture of what is before that, where there is no such image.</returns>
    public static string Read(HttpContext context, out bool isPicture)
    {
        var escaped = EscapedAddress(context);
        isPicture = escaped.EndsWith(Picture, StringComparison.Ordinal);
        return Uri.UnescapeDataString(isPicture ? escaped[..^Picture.Length] : escaped);
    }

    /// <summary>Of which image the truth is spoken of; null where it is none.</summary>
    public static string? ReadTruth(HttpContext context) =>
        EscapedAddress(context) is var escaped && escaped.EndsWith(Truth, StringComparison.Ordinal) ? Uri.UnescapeDataString(escaped[..^Truth.Length]) : null;

    /// <summary>The id before .png; null where there is none.</summary>
    public static string? BeforePictureFile(string id) =>
        id.EndsWith(PictureFile, StringComparison.OrdinalIgnoreCase) ? id[..^PictureFile.Length] : null;

    private static string EscapedAddress(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return target[(target.IndexOf(Images, StringComparison.OrdinalIgnoreCase) + Images.Length)..];
    }
}
