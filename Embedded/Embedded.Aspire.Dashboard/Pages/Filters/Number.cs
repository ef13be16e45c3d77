using System.Globalization;

namespace Embedded.Aspire.Dashboard.Pages.Filters;

/// <summary>A number as telemetry writes it, whatever the machine's language.</summary>
internal static class Number
{
    public static bool TryParse(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
