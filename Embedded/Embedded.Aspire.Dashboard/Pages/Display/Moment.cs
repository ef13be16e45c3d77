using System.Globalization;

namespace Embedded.Aspire.Dashboard.Pages.Display;

/// <summary>Points in time, as the clock on the wall shows them: the dashboard runs where its reader sits.</summary>
internal static class Moment
{
    public static string TimeOfDay(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Full(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff zzz", CultureInfo.InvariantCulture);
}
