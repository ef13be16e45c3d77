using Embedded.Aspire.Dashboard.Pages.Display;

namespace Embedded.Tests.Dashboard.Pages;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(7, "7 ns")]
    [InlineData(1_234, "1.23 µs")]
    [InlineData(45_678, "45.7 µs")]
    [InlineData(456_789, "457 µs")]
    [InlineData(999_600, "1 ms")]
    [InlineData(9_996_000, "10 ms")]
    [InlineData(1_500_000_000, "1.5 s")]
    [InlineData(59_940_000_000, "59.9 s")]
    [InlineData(59_960_000_000, "1 min 0 s")]
    [InlineData(83_000_000_000, "1 min 23 s")]
    [InlineData(7_500_000_000_000, "2 h 5 min")]
    [InlineData(-1_500_000, "−1.5 ms")]
    public void A_duration_is_written_with_three_digits_in_its_own_unit(double nanoseconds, string text) =>
        Assert.Equal(text, Durations.Text(nanoseconds));

    [Theory]
    [InlineData("5", 5_000_000)]
    [InlineData("1.5 ms", 1_500_000)]
    [InlineData("20us", 20_000)]
    [InlineData("20 µs", 20_000)]
    [InlineData("2s", 2_000_000_000)]
    [InlineData("1 min", 60_000_000_000)]
    public void A_duration_is_read_with_or_without_its_unit(string text, long nanoseconds) =>
        Assert.Equal(nanoseconds, Durations.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("-5")]
    [InlineData("5 parsecs")]
    [InlineData("1.2.3")]
    [InlineData("99999999999999999999 s")]
    public void What_is_no_duration_is_none(string? text) => Assert.Null(Durations.Parse(text));
}
