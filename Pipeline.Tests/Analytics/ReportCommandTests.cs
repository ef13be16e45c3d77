using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class ReportCommandTests
{
    [Fact]
    public void Options_win_over_the_environment()
    {
        var command = ReportCommand.Parse(["--mongodb", "mongodb://127.0.0.1:1/x", "--csv", "out.csv", "--map-reduce"], "mongodb://other", out _);

        Assert.Equal(new ReportCommand("mongodb://127.0.0.1:1/x", "out.csv", MapReduce: true), command);
    }

    [Fact]
    public void Without_options_the_connection_string_and_the_usual_file_name_are_used() =>
        Assert.Equal(new ReportCommand("mongodb://env", Report.CsvFileName, MapReduce: false), ReportCommand.Parse([], "mongodb://env", out _));

    [Theory]
    [InlineData("--cvs", "x")]
    [InlineData("--csv")]
    [InlineData("extra")]
    public void What_it_does_not_know_is_refused_by_name(params string[] args)
    {
        Assert.Null(ReportCommand.Parse(args, "mongodb://env", out var problem));
        Assert.Contains(args[0], problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_store_it_says_how_to_name_one()
    {
        Assert.Null(ReportCommand.Parse([], null, out var problem));
        Assert.Contains("--mongodb", problem, StringComparison.Ordinal);
    }
}
