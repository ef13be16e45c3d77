namespace Embedded.MongoDB.Commands;

/// <summary>Which server this one passes for: clients unlock features by these numbers, so they rise only with what is implemented.</summary>
internal static class ServerVersion
{
    public const string Text = "7.0.14";
    public static readonly int[] Parts = [7, 0, 14, 0];
    public const string FeatureCompatibility = "7.0";

    /// <summary>Never above 0: clients refuse a server whose lowest version they do not speak.</summary>
    public const int MinWireVersion = 0;
    public const int MaxWireVersion = 21;
}
