namespace Pipeline.Contracts.Options;

/// <summary>Addresses as they may be shown and logged.</summary>
public static class Addresses
{
    private const string Authority = "://";

    /// <summary>Without a user and a password.</summary>
    public static Uri WithoutUser(this Uri address) =>
        new(address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped));

    /// <summary>For people: without what may be a password, which many a camera takes in the query, too. A path is shown as it is.</summary>
    public static string Shown(string address) =>
        address.IndexOf(Authority, StringComparison.Ordinal) is not (> 0 and var scheme) ? address
        : !Uri.TryCreate(address, UriKind.Absolute, out var url) ? $"{address[..scheme]}{Authority}…"
        : url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (url.Query.Length > 0 ? "?…" : "");
}
