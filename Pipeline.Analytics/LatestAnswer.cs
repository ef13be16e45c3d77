namespace Pipeline.Analytics;

/// <summary>
/// A question that may take long, asked again as soon as it was answered: gives the latest answer and waits only a moment for the next,
/// so that a large store or a broker that is away holds up nothing else.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class LatestAnswer<T>(Func<CancellationToken, Task<T>> ask, TimeProvider time)
{
    /// <summary>The longest wait for an answer where there is an older one.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    /// <summary>The same for who asks when nobody did for longer than that: what was then is worth a longer wait to avoid.</summary>
    public static readonly TimeSpan LongMoment = TimeSpan.FromSeconds(2);

    private long? _askedAt;
    private Task<T>? _open;
    private Task<T>? _answered;

    /// <summary>Waits as long as it takes only for the first answer. What went wrong is thrown once.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        var patience = _askedAt is { } last && time.GetElapsedTime(last) > LongMoment ? LongMoment : Moment;
        _askedAt = time.GetTimestamp();
        var open = _open ??= ask(cancellationToken);
        if (_answered is { } older)
        {
            await Task.WhenAny(open, Task.Delay(patience, time, cancellationToken));
            if (!open.IsCompleted)
            {
                return await older;
            }
        }
        await ((Task)open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _open = null;
        _answered = open.IsCompletedSuccessfully ? open : null;
        return await open;
    }
}
