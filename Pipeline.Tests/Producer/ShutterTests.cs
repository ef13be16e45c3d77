using Pipeline.Producer;

namespace Pipeline.Tests.Producer;

public sealed class ShutterTests : IDisposable
{
    private readonly Shutter _shutter = new(TimeProvider.System);

    public void Dispose() => _shutter.Dispose();

    [Fact]
    public async Task Nobody_is_woken_before_time()
    {
        var start = DateTimeOffset.UtcNow;
        // Out of order, with parts of milliseconds and two at one instant.
        double[] milliseconds = [12.3, 4.7, 4.7, 0.4, 30.9, 8.1];

        var early = await Task.WhenAll(milliseconds.Select(async after =>
        {
            var due = start.AddMilliseconds(after);
            await _shutter.WaitAsync(due, TestContext.Current.CancellationToken);
            return due - DateTimeOffset.UtcNow;
        }));

        Assert.All(early, by => Assert.True(by <= TimeSpan.Zero, $"woken {by.TotalMilliseconds} ms early"));
    }

    [Fact]
    public void What_is_due_already_is_not_waited_for() =>
        Assert.True(_shutter.WaitAsync(DateTimeOffset.UtcNow.AddSeconds(-1), TestContext.Current.CancellationToken).IsCompletedSuccessfully);

    [Fact]
    public async Task A_wait_that_is_cancelled_ends_and_holds_up_no_other()
    {
        using var cancel = new CancellationTokenSource();
        var cancelled = _shutter.WaitAsync(DateTimeOffset.UtcNow.AddHours(1), cancel.Token);
        var other = _shutter.WaitAsync(DateTimeOffset.UtcNow.AddMilliseconds(5), TestContext.Current.CancellationToken);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await other;
    }
}
