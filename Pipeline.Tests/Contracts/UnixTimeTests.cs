using Pipeline.Contracts;

namespace Pipeline.Tests.Contracts;

public sealed class UnixTimeTests
{
    [Theory]
    [InlineData(1_795_000_000)]
    [InlineData(1_795_000_000_000)]
    [InlineData(1_795_000_000_000_000)]
    [InlineData(1_795_000_000_000_000_000)]
    public void The_size_of_a_number_tells_its_unit(long number)
    {
        Assert.True(UnixTime.TryRead(number, out var instant));
        Assert.Equal(1_795_000_000, instant.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(unchecked((long)0xC000_0000_0000_0000))]
    [InlineData(unchecked((long)0xC001_3C4D_5E6F_7081))]
    [InlineData(-8_000_000_000_000_000_000)]
    public void What_is_no_time_of_this_century_in_any_unit_is_none(long number) => Assert.False(UnixTime.TryRead(number, out _));
}
