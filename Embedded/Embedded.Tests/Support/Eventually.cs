using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Embedded.Tests.Support;

/// <summary>Waits for a condition with a deadline: what tests use where others sleep.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <param name="state">What to print when the deadline passes: the state that was seen last.</param>
    /// <exception cref="TimeoutException">The condition did not come true in time.</exception>
    public static Task TrueAsync(
        Func<bool> condition, TimeSpan? within = null, Func<string>? state = null,
        [CallerArgumentExpression(nameof(condition))] string text = "") => TrueAsync(() => Task.FromResult(condition()), within, state, text);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan?, Func{string}?, string)" />
    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan? within = null, Func<string>? state = null,
        [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var limit = within ?? TimeSpan.FromSeconds(10);
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"Not true within {limit}: {text}\n{state?.Invoke()}");
            }

            await Task.Delay(Interval);
        }
    }
}
