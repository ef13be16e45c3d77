namespace Pipeline.Latency.Plots;

/// <summary>Colours that people with any colour vision tell apart.</summary>
internal static class Palette
{
    public const string Ink = "#222222";
    public const string Faint = "#666666";
    public const string Grid = "#dddddd";
    public const string Bar = "#56B4E9";
    public const string P90 = "#0072B2";
    public const string P95 = "#D55E00";

    /// <summary>For curves. Source: Okabe and Ito.</summary>
    private static readonly string[] Curves = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000"];

    /// <summary>For the nine stages, bottom up. Source: Paul Tol, muted.</summary>
    private static readonly string[] Stages = ["#DDDDDD", "#88CCEE", "#332288", "#DDCC77", "#CC6677", "#999933", "#44AA99", "#117733", "#AA4499"];

    public static string Curve(int index) => Curves[index % Curves.Length];

    /// <summary>Beyond the colours, curves are told apart by their dashes.</summary>
    public static string? Dashes(int index) => (index / Curves.Length) switch { 0 => null, 1 => "6 3", _ => "2 3" };

    public static string Stage(int index) => Stages[index % Stages.Length];
}
