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

    private Task<T>? _open;
    private Task<T>? _answered;

    /// <summary>Waits as long as it takes only for the first answer. What went wrong is thrown once.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        var open = _open ??= ask(cancellationToken);
        if (_answered is { } older)
        {
            await Task.WhenAny(open, Task.Delay(Moment, time, cancellationToken));
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
