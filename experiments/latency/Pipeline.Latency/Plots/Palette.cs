using ScottPlot;

namespace Pipeline.Latency.Plots;

/// <summary>Colours that people with any colour vision tell apart.</summary>
internal static class Palette
{
    public static readonly Color Ink = Color.FromHex("#222222");
    public static readonly Color Faint = Color.FromHex("#666666");
    public static readonly Color WarmUp = Color.FromHex("#999999");
    public static readonly Color Bar = Color.FromHex("#56B4E9");
    public static readonly Color P50 = Color.FromHex("#009E73");
    public static readonly Color P90 = Color.FromHex("#0072B2");
    public static readonly Color P95 = Color.FromHex("#D55E00");
    public static readonly Color P99 = Color.FromHex("#CC79A7");

    /// <summary>For curves. Source: Okabe and Ito.</summary>
    private static readonly Color[] Curves = Color.FromHex(["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000"]);

    /// <summary>For the nine stages, in their order. Source: Paul Tol, muted.</summary>
    private static readonly Color[] Stages = Color.FromHex(
        ["#BBBBBB", "#88CCEE", "#332288", "#DDCC77", "#CC6677", "#999933", "#44AA99", "#117733", "#AA4499"]);

    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.DenselyDashed, LinePattern.Dotted];

    public static Color Curve(int index) => Curves[index % Curves.Length];

    /// <summary>Beyond the colours, curves are told apart by their dashes.</summary>
    public static LinePattern Pattern(int index) => Patterns[index / Curves.Length % Patterns.Length];

    public static Color Stage(int index) => Stages[index % Stages.Length];
}
