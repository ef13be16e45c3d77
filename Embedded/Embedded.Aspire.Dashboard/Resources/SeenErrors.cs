using System.Collections.Concurrent;
using Embedded.Aspire.Contracts;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>How far the errors in the structured logs have been looked at: what came later is new.</summary>
internal sealed class SeenErrors(TelemetryStore store)
{
    private static readonly Dictionary<string, int> Empty = [];

    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.OrdinalIgnoreCase);
    private long _seenOfAll;

    /// <summary>Somebody looks at the structured logs.</summary>
    /// <param name="resource">Of one resource; null: of all.</param>
    public void Look(string? resource)
    {
        var last = store.Logs.LastId;
        if (string.IsNullOrEmpty(resource)) Interlocked.Exchange(ref _seenOfAll, last);
        else _seen[resource] = last;
    }

    /// <summary>Errors since somebody looked, by resource or replica id; those without are left out.</summary>
    public IReadOnlyDictionary<string, int> New(IEnumerable<ResourceView> resources)
    {
        var senders = store.Logs.UnseenErrors(Seen);
        return senders.Count == 0 ? Empty : resources
            .Select(r => (r.Id, Count: senders.Where(s => IsOf(s.Key, r)).Sum(s => s.Value)))
            .Where(r => r.Count > 0).ToDictionary(r => r.Id, r => r.Count);
    }

    /// <summary>Changes when somebody looks or something new arrives.</summary>
    public int Total() => store.Logs.UnseenErrors(Seen).Values.Sum();

    private long Seen(TelemetryResource sender) => Math.Max(
        Interlocked.Read(ref _seenOfAll),
        Math.Max(_seen.GetValueOrDefault(sender.ServiceName), _seen.GetValueOrDefault(sender.DisplayName)));

    // A replica's id ends with the instance id that its telemetry carries.
    private static bool IsOf(TelemetryResource sender, ResourceView resource) =>
        sender.ServiceName.Equals(resource.Name, StringComparison.OrdinalIgnoreCase) &&
        (sender.InstanceId.Length == 0 || !resource.Id.StartsWith($"{resource.Name}-", StringComparison.Ordinal)
            || resource.Id.EndsWith(sender.InstanceId, StringComparison.OrdinalIgnoreCase));
}
