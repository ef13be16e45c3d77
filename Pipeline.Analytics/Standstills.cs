using System.Globalization;

namespace Pipeline.Analytics;

/// <summary>Which groups have not moved for a while although records wait for them.</summary>
/// <remarks>For one thread at a time. What nobody looked at for a while is looked at anew.</remarks>
internal sealed class Standstills(TimeProvider time)
{
    /// <summary>Several times the interval of commits; a rebalance after a crash shows for a moment, and is one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Group, string Topic), (long Committed, long At)> _moved = [];
    private long _observedAt = time.GetTimestamp();

    /// <returns>For people: who, what waits, for how long.</returns>
    public IReadOnlyList<string> Observe(IReadOnlyList<PartitionLag> lag)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_observedAt, now) > Patience)
        {
            _moved.Clear();
        }
        _observedAt = now;

        List<string> standing = [];
        foreach (var reader in lag.GroupBy(row => (row.Group, row.Topic)))
        {
            var (committed, waiting) = (reader.Sum(row => row.Committed ?? 0), reader.Sum(row => row.Lag));
            if (waiting == 0 || !_moved.TryGetValue(reader.Key, out var moved) || moved.Committed != committed)
            {
                _moved[reader.Key] = (committed, now);
            }
            else if (time.GetElapsedTime(moved.At, now) is var still && still >= Patience)
            {
                standing.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{reader.Key.Group} stands still: {waiting:N0} records of {reader.Key.Topic} wait, none done for {still.TotalSeconds:N0} s"));
            }
        }
        return standing;
    }
}
