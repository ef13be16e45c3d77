using System.Globalization;

namespace Pipeline.Producer.Sources;

/// <summary>How long a camera may be silent before it counts as gone: one that lost its power or its network never says so.</summary>
internal static class Patience
{
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    /// <exception cref="TimeoutException">It took longer.</exception>
    public static async Task<T> ForAsync<T>(TimeSpan silentAtMost, Func<CancellationToken, Task<T>> answer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(silentAtMost);
        try
        {
            return await answer(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"nothing came for {silentAtMost.TotalSeconds:0} s"));
        }
    }
}
