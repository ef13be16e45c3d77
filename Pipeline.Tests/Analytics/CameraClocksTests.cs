using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class CameraClocksTests
{
    private static readonly DateTime Noon = ADocument.Noon;

    private readonly CameraClocks _clocks = new();

    [Fact]
    public void Clocks_are_held_against_the_quickest_cameras()
    {
        Observe("right", [.. Ways(20, 30)]);
        Observe("ahead", [.. Ways(-2_980, -2_970)]);
        Observe("behind", [.. Ways(5_020, 5_030)]);
        Observe("nearly right", [.. Ways(-480, -470)]);

        Assert.Equal(
            [("ahead", 3.0), ("behind", -5.0)],
            _clocks.Skews.Select(skew => (skew.Key, skew.Value.TotalSeconds)).OrderBy(skew => skew.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Images_that_wait_are_no_clock_that_is_behind()
    {
        Observe("right", [.. Ways(20, 30)]);
        Observe("behind a full queue", [.. Ways(2_000, 30_000)]);
        Observe("a few slow ones", [3_000, 3_001, 3_002]);

        Assert.Empty(_clocks.Skews);
    }

    [Fact]
    public void A_lone_camera_behind_a_steady_queue_is_believed_and_one_a_day_behind_is_not()
    {
        Observe("alone", [.. Ways(8_000, 8_100)]);
        Assert.Empty(_clocks.Skews);

        _clocks.Observe([], Noon.AddHours(1));
        Observe("yesterday", [.. Ways(86_400_020, 86_400_030)]);
        Assert.Equal(-1, Assert.Single(_clocks.Skews).Value.TotalDays, 0.01);
    }

    [Fact]
    public void One_odd_image_says_nothing_of_the_clock_and_a_clock_that_is_set_right_is_right_soon()
    {
        Observe("camera", [.. Ways(20, 30), -100_000]);
        Assert.Empty(_clocks.Skews);

        Observe("camera", [.. Ways(-5_000, -4_990)]);
        Assert.Single(_clocks.Skews);

        for (var more = 0; more < 4; more++)
        {
            Observe("camera", [.. Ways(20, 30)]);
        }
        Assert.Empty(_clocks.Skews);
    }

    /// <summary>Fifty, evenly between the two.</summary>
    private static IEnumerable<int> Ways(int fromMs, int toMs) => Enumerable.Range(0, 50).Select(index => fromMs + ((toMs - fromMs) * index / 50));

    private void Observe(string camera, int[] waysMs) => _clocks.Observe(
        waysMs.Select(way => new ImageTimes(camera, Noon.AddMilliseconds(-way), null, Noon, IsWhole: true, IsCorrect: true)), Noon.AddMinutes(-1));
}
