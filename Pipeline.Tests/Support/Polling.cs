using System.Diagnostics;

namespace Pipeline.Tests.Support;

/// <summary>Waits for a condition that itself has to be asked for.</summary>
internal static class Polling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <param name="state">What to print when the deadline passes.</param>
    /// <exception cref="TimeoutException">The condition did not come true in time.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> state)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > within)
            {
                throw new TimeoutException($"Not true within {within}.\n{state()}");
            }
            await Task.Delay(Interval);
        }
    }
}
