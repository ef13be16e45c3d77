namespace Pipeline.Analytics;

/// <summary>The pictures that the page shows: newest first, a few new ones at a time, however many come.</summary>
internal sealed class Wall(StoredImages images)
{
    /// <summary>Pictures shown.</summary>
    public const int Length = 24;

    /// <summary>New pictures a turn: an eye follows no more.</summary>
    public const int MaxNew = 3;

    /// <summary>Images looked at for one with a prediction, before one without is shown.</summary>
    private const int Candidates = 60;

    /// <summary>After a longer gap nobody was looking, and all pictures are changed.</summary>
    private static readonly TimeSpan LongGap = TimeSpan.FromSeconds(10);

    private List<ImageRow> _shown = [];

    public async Task<IReadOnlyList<ImageRow>> TurnAsync(CancellationToken cancellationToken)
    {
        var shown = await RefreshedAsync(cancellationToken);
        var known = shown.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        var candidates = await images.RecentAsync(Candidates, cancellationToken);
        var isOld = shown.Count == 0 || (candidates.Count > 0 && candidates[0].StoredAt - shown[0].StoredAt > LongGap);
        var fresh = candidates
            .Where(image => image.HasImage && !known.Contains(image.Id))
            .OrderBy(image => image.InferredValue is null)            // stable: newest first among each
            .Take(isOld ? Length : MaxNew);
        // Among those of one instant what is shown stays.
        _shown = [.. shown.Concat(fresh).OrderByDescending(image => image.StoredAt).Take(Length)];
        return _shown;
    }

    /// <summary>What is shown, with the predictions and truths that came meanwhile, and without those that the store has kept long enough.</summary>
    private async Task<List<ImageRow>> RefreshedAsync(CancellationToken cancellationToken)
    {
        if (_shown.Count == 0)
        {
            return _shown;
        }
        var now = (await images.FindAsync(_shown.Select(image => image.Id), cancellationToken)).ToDictionary(image => image.Id, StringComparer.Ordinal);
        return [.. _shown.Select(image => now.GetValueOrDefault(image.Id)).OfType<ImageRow>().Where(image => image.HasImage)];
    }
}
