using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

/// <summary>Why a resource is unhealthy, in its own words.</summary>
internal static class HealthReasons
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <summary>What a service's <c>/health</c> says; of whatever has none, what was found by asking it.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(CustomResourceSnapshot snapshot, CancellationToken cancellationToken)
    {
        var address = snapshot.Urls.FirstOrDefault(url => !url.IsInactive && url.Url.StartsWith("http://", StringComparison.Ordinal))?.Url;
        if (address is null)
        {
            return [.. snapshot.HealthReports.Where(report => report.Status != HealthStatus.Healthy)
                .Select(report => report.Description ?? report.ExceptionText ?? "").Select(FirstLine)];
        }

        try
        {
            using var http = new HttpClient { Timeout = AnswerWithin };
            using var answer = await http.GetAsync(new Uri(new Uri(address), ProbeExtensions.HealthPath), cancellationToken);
            var lines = (await answer.Content.ReadAsStringAsync(cancellationToken)).Split('\n');
            return lines[1..];                               // the first is the status
        }
        catch (Exception silent) when (silent is HttpRequestException
            || (silent is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return ["It does not answer."];
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd();
}
