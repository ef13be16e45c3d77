using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class CachedTests
{
    private readonly ManualTime _time = new();
    private int _computed;

    [Fact]
    public async Task A_value_younger_than_half_a_second_is_not_computed_again()
    {
        using var cached = Counting(cost: TimeSpan.Zero);

        await cached.GetAsync(default);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        var second = await cached.GetAsync(default);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        var third = await cached.GetAsync(default);

        Assert.Equal((1, 2), (second, third));
    }

    [Fact]
    public async Task What_costs_a_second_is_kept_for_nine()
    {
        using var cached = Counting(cost: TimeSpan.FromSeconds(1));

        await cached.GetAsync(default);
        _time.Advance(TimeSpan.FromSeconds(8.9));
        var second = await cached.GetAsync(default);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var third = await cached.GetAsync(default);

        Assert.Equal((1, 2), (second, third));
    }

    [Fact]
    public async Task Those_who_ask_while_it_is_computed_share_the_answer()
    {
        var answer = new TaskCompletionSource<int>();
        using var cached = new Cached<int>(_ => { _computed++; return answer.Task; }, _time, default);

        var readers = Enumerable.Range(0, 20).Select(_ => cached.GetAsync(default)).ToArray();
        answer.SetResult(42);

        Assert.All(await Task.WhenAll(readers), value => Assert.Equal(42, value));
        Assert.Equal(1, _computed);
    }

    [Fact]
    public async Task A_failure_is_kept_for_half_a_second_however_long_it_took()
    {
        using var cached = new Cached<int>(
            _ =>
            {
                _computed++;
                _time.Advance(TimeSpan.FromSeconds(5));
                throw new TimeoutException("away");
            },
            _time, default);

        await Assert.ThrowsAsync<TimeoutException>(() => cached.GetAsync(default));
        await Assert.ThrowsAsync<TimeoutException>(() => cached.GetAsync(default));
        _time.Advance(Cached<int>.MinAge);
        await Assert.ThrowsAsync<TimeoutException>(() => cached.GetAsync(default));

        Assert.Equal(2, _computed);
    }

    [Fact]
    public async Task A_reader_who_leaves_does_not_stop_the_computation()
    {
        var answer = new TaskCompletionSource<int>();
        using var cached = new Cached<int>(_ => answer.Task, _time, default);
        using var leaving = new CancellationTokenSource();

        var first = cached.GetAsync(default);
        var second = cached.GetAsync(leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        answer.SetResult(1);

        Assert.Equal(1, await first);
    }

    private Cached<int> Counting(TimeSpan cost) => new(
        _ =>
        {
            _time.Advance(cost);
            return Task.FromResult(++_computed);
        },
        _time, default);

    /// <summary>Time that passes when the test says so.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
