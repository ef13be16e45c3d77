using Embedded.Tests.Support;
using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class SnapshotsTests
{
    private readonly FakeTimeProvider _time = new();
    private int _readCount;

    [Fact]
    public async Task What_is_younger_than_half_a_second_is_not_read_again()
    {
        var snapshots = Of(Counting(cost: TimeSpan.Zero));

        await snapshots.LatestAsync(default);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        var second = await snapshots.LatestAsync(default);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        var third = await snapshots.LatestAsync(default);

        Assert.Equal((1, 2), (second.Figures.Earlier, third.Figures.Earlier));
    }

    [Fact]
    public async Task What_costs_a_second_is_kept_for_nine()
    {
        var snapshots = Of(Counting(cost: TimeSpan.FromSeconds(1)));

        await snapshots.LatestAsync(default);
        _time.Advance(TimeSpan.FromSeconds(8.9));
        var second = await snapshots.LatestAsync(default);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var third = await snapshots.LatestAsync(default);

        Assert.Equal((1, 2), (second.Figures.Earlier, third.Figures.Earlier));
    }

    [Fact]
    public async Task What_a_person_has_changed_is_read_at_once_however_costly()
    {
        var snapshots = Of(Counting(cost: TimeSpan.FromSeconds(1)));

        await snapshots.LatestAsync(default);
        snapshots.Outdate();

        Assert.Equal(2, (await snapshots.LatestAsync(default)).Figures.Earlier);
    }

    [Fact]
    public async Task What_was_being_read_as_a_person_changed_it_is_read_again()
    {
        var first = new TaskCompletionSource<Func<Snapshot, Snapshot>>();
        var snapshots = Of(_ => _readCount++ == 0 ? first.Task : Task.FromResult(Earlier(2)));

        var asked = snapshots.LatestAsync(default);
        snapshots.Outdate();
        first.SetResult(Earlier(1));
        await asked;

        Assert.Equal(2, (await snapshots.LatestAsync(default)).Figures.Earlier);
    }

    [Fact]
    public async Task Those_who_ask_while_it_is_read_share_the_answer_and_one_who_leaves_takes_it_from_nobody()
    {
        var answer = new TaskCompletionSource<Func<Snapshot, Snapshot>>();
        var snapshots = Of(_ => { _readCount++; return answer.Task; });
        using var leaving = new CancellationTokenSource();

        var leaver = snapshots.LatestAsync(leaving.Token);
        var readers = Enumerable.Range(0, 20).Select(_ => snapshots.LatestAsync(default)).ToArray();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        answer.SetResult(Earlier(42));

        Assert.All(await Task.WhenAll(readers), snapshot => Assert.Equal(42, snapshot.Figures.Earlier));
        Assert.Equal(1, _readCount);
    }

    [Fact]
    public async Task A_part_that_takes_long_holds_up_no_other_and_is_not_asked_twice()
    {
        var slow = new TaskCompletionSource<Func<Snapshot, Snapshot>>();
        var slowCount = 0;
        var snapshots = Of(
            Counting(cost: TimeSpan.Zero), _ => slowCount++ == 0 ? Task.FromResult<Func<Snapshot, Snapshot>>(snapshot => snapshot) : slow.Task);
        await snapshots.LatestAsync(default);

        for (var read = 2; read <= 4; read++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var asked = snapshots.LatestAsync(default);
            _time.Advance(Snapshots.Moment);
            Assert.Equal(read, (await asked).Figures.Earlier);
        }

        Assert.Equal(2, slowCount);
    }

    [Fact]
    public async Task Only_the_parts_that_somebody_looks_at_are_read_and_the_first_who_does_waits_for_them()
    {
        var (asked, other) = (Counting(cost: TimeSpan.Zero), 0);
        var answer = new TaskCompletionSource<Func<Snapshot, Snapshot>>();
        var snapshots = Of(asked, _ => { other++; return answer.Task; });

        var first = await snapshots.LatestAsync(default, [asked]);
        Assert.Equal((1, 0), (first.Figures.Earlier, other));

        var all = snapshots.LatestAsync(default);
        Assert.Equal((false, 1), (all.IsCompleted, other));
        answer.SetResult(snapshot => snapshot);
        Assert.Equal(1, (await all).Figures.Earlier);
    }

    [Fact]
    public async Task Who_comes_after_a_pause_waits_for_what_is_new()
    {
        var slow = new TaskCompletionSource<Func<Snapshot, Snapshot>>();
        var snapshots = Of(_ => _readCount++ == 0 ? Task.FromResult(Earlier(1)) : slow.Task);
        await snapshots.LatestAsync(default);

        _time.Advance(Snapshots.Idle + TimeSpan.FromSeconds(1));
        var first = snapshots.LatestAsync(default);
        var second = snapshots.LatestAsync(default);
        _time.Advance(TimeSpan.FromSeconds(3));
        slow.SetResult(Earlier(2));

        Assert.Equal((2, 2), ((await first).Figures.Earlier, (await second).Figures.Earlier));
    }

    [Fact]
    public async Task A_part_that_once_waited_for_a_store_that_hung_is_soon_read_again()
    {
        var snapshots = Of(_ =>
        {
            _time.Advance(_readCount == 1 ? TimeSpan.FromSeconds(40) : TimeSpan.FromMilliseconds(20));
            return Task.FromResult(Earlier(++_readCount));
        });

        for (var read = 1; read <= 3; read++)
        {
            Assert.Equal(read, (await snapshots.LatestAsync(default)).Figures.Earlier);
            _time.Advance(Snapshots.MinAge);
        }
    }

    [Fact]
    public async Task A_failure_is_kept_for_half_a_second_however_long_it_took()
    {
        var snapshots = Of(_ =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return _readCount++ == 0 ? throw new TimeoutException("away") : Task.FromResult(Earlier(2));
        });

        await Assert.ThrowsAsync<TimeoutException>(() => snapshots.LatestAsync(default));
        await Assert.ThrowsAsync<TimeoutException>(() => snapshots.LatestAsync(default));
        Assert.Equal(1, _readCount);
        _time.Advance(Snapshots.Idle + TimeSpan.FromSeconds(1));

        Assert.Equal(2, (await snapshots.LatestAsync(default)).Figures.Earlier);
    }

    [Fact]
    public async Task What_another_part_tells_to_be_old_is_read_again_however_costly_but_not_without_pause()
    {
        var costly = Counting(cost: TimeSpan.FromSeconds(1));
        var isOld = true;
        var snapshots = new Snapshots([costly], _ => isOld ? [costly] : [], _time, default);

        await snapshots.LatestAsync(default);
        Assert.Equal(1, (await snapshots.LatestAsync(default)).Figures.Earlier);
        _time.Advance(Snapshots.MinAge);
        Assert.Equal(2, (await snapshots.LatestAsync(default)).Figures.Earlier);
        isOld = false;
        _time.Advance(Snapshots.MinAge);
        Assert.Equal(2, (await snapshots.LatestAsync(default)).Figures.Earlier);
    }

    private Snapshots Of(params ReadPart[] parts) => new(parts, _ => [], _time, default);

    private ReadPart Counting(TimeSpan cost) => _ =>
    {
        _time.Advance(cost);
        return Task.FromResult(Earlier(++_readCount));
    };

    private static Func<Snapshot, Snapshot> Earlier(long count) =>
        snapshot => snapshot with { Figures = new Figures(new Dictionary<WrongInferences.Key, Tally>(), count) };
}
