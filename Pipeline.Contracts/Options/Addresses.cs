namespace Pipeline.Contracts.Options;

/// <summary>Addresses as they may be shown and logged.</summary>
public static class Addresses
{
    /// <summary>Without a user and a password.</summary>
    public static Uri WithoutUser(this Uri address) => new(address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped));
}
