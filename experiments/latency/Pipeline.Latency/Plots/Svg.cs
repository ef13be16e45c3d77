using System.Globalization;
using System.Net;
using System.Text;

namespace Pipeline.Latency.Plots;

/// <summary>Writes a picture as SVG text. The same calls give the same bytes: coordinates have one decimal, and there are no ids.</summary>
internal sealed class Svg(double width, double height)
{
    /// <summary>Pixels across: what a page of text shows without scrolling.</summary>
    public const double PageWidth = 800;

    private readonly StringBuilder _body = new();

    public double Width => width;

    public double Height => height;

    public void Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1, string? dashes = null) =>
        Add($"<line x1='{N(x1)}' y1='{N(y1)}' x2='{N(x2)}' y2='{N(y2)}' stroke='{colour}' stroke-width='{N(thickness)}'{Dashes(dashes)}/>");

    public void Rectangle(double x, double y, double rectangleWidth, double rectangleHeight, string colour, double opacity = 1) =>
        Add($"<rect x='{N(x)}' y='{N(y)}' width='{N(rectangleWidth)}' height='{N(rectangleHeight)}' fill='{colour}'{Opacity(opacity)}/>");

    public void Circle(double x, double y, double radius, string colour, bool isFilled = true) =>
        Add($"<circle cx='{N(x)}' cy='{N(y)}' r='{N(radius)}' fill='{(isFilled ? colour : "white")}' stroke='{colour}' stroke-width='1.5'/>");

    public void Curve(IEnumerable<(double X, double Y)> points, string colour, double thickness = 1.8, string? dashes = null) =>
        Add($"<polyline points='{Joined(points)}' fill='none' stroke='{colour}' stroke-width='{N(thickness)}' stroke-linejoin='round'{Dashes(dashes)}/>");

    public void Area(IEnumerable<(double X, double Y)> points, string colour, double opacity) =>
        Add($"<polygon points='{Joined(points)}' fill='{colour}'{Opacity(opacity)}/>");

    /// <param name="anchor">start, middle or end.</param>
    /// <param name="turned">Reads upwards.</param>
    public void Text(double x, double y, string text, double size = 13, string anchor = "start", string colour = Palette.Ink, bool isBold = false, bool turned = false) =>
        Add($"<text x='{N(x)}' y='{N(y)}' font-size='{N(size)}' text-anchor='{anchor}' fill='{colour}'"
            + $"{(isBold ? " font-weight='bold'" : "")}{(turned ? $" transform='rotate(-90 {N(x)} {N(y)})'" : "")}>{WebUtility.HtmlEncode(text)}</text>");

    /// <summary>A piece of a curve and what it stands for.</summary>
    public void LegendEntry(double x, double y, string name, string colour, string? dashes = null, double size = 12)
    {
        Line(x, y, x + 22, y, colour, 2.5, dashes);
        Text(x + 28, y + 4, name, size);
    }

    public override string ToString() =>
        $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {N(width)} {N(height)}' width='{N(width)}' height='{N(height)}' font-family='DejaVu Sans, Verdana, sans-serif'>\n"
        + $"<rect width='100%' height='100%' fill='white'/>\n{_body}</svg>\n";

    private void Add(string element) => _body.Append(element).Append('\n');

    private static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Joined(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));

    private static string Dashes(string? dashes) => dashes is null ? "" : $" stroke-dasharray='{dashes}'";

    private static string Opacity(double opacity) => opacity == 1 ? "" : $" fill-opacity='{opacity.ToString("0.##", CultureInfo.InvariantCulture)}'";
}
