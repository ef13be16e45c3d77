using Embedded.Tests.Support;
using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class LatestAnswerTests
{
    private readonly Queue<TaskCompletionSource<int>> _asked = new();
    private readonly LatestAnswer<int> _answer;

    public LatestAnswerTests() => _answer = new(
        _ =>
        {
            var question = new TaskCompletionSource<int>();
            _asked.Enqueue(question);
            return question.Task;
        },
        TimeProvider.System);

    [Fact]
    public async Task The_first_answer_is_waited_for()
    {
        var first = _answer.GetAsync(default);
        _asked.Dequeue().SetResult(1);

        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task While_the_next_takes_long_the_one_before_is_given_and_nothing_is_asked_twice()
    {
        var first = _answer.GetAsync(default);
        _asked.Dequeue().SetResult(1);
        await first;

        Assert.Equal(1, await _answer.GetAsync(default));
        Assert.Equal(1, await _answer.GetAsync(default));
        Assert.Single(_asked).SetResult(2);
        Assert.Equal(2, await _answer.GetAsync(default));
    }

    [Fact]
    public async Task A_failure_is_thrown_once_and_then_asked_again()
    {
        var first = _answer.GetAsync(default);
        _asked.Dequeue().SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        var second = _answer.GetAsync(default);
        _asked.Dequeue().SetResult(2);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task After_a_pause_a_new_answer_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var question = new TaskCompletionSource<int>();
        var asked = 0;
        var answer = new LatestAnswer<int>(_ => asked++ == 0 ? Task.FromResult(1) : question.Task, time);
        await answer.GetAsync(default);

        time.Advance(LatestAnswer<int>.LongMoment + TimeSpan.FromSeconds(1));
        var second = answer.GetAsync(default);
        time.Advance(LatestAnswer<int>.LongMoment / 2);
        question.SetResult(2);

        Assert.Equal(2, await second);
    }
}
