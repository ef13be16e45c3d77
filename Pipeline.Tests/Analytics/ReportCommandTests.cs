using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class ReportCommandTests
{
    [Fact]
    public void Options_win_over_the_environment()
    {
        var command = Read("mongodb://other", "--mongodb", "mongodb://127.0.0.1:1/x", "--csv", "out.csv", "--map-reduce");

        Assert.Equal(new ReportCommand("mongodb://127.0.0.1:1/x", "out.csv", MapReduce: true), command);
    }

    [Fact]
    public void Without_options_the_connection_string_and_the_usual_file_name_are_used() =>
        Assert.Equal(new ReportCommand("mongodb://env", Report.CsvFileName, MapReduce: false), Read("mongodb://env"));

    [Theory]
    [InlineData("--cvs", "x")]
    [InlineData("--csv")]
    [InlineData("extra")]
    public void What_it_does_not_know_is_refused_by_name(params string[] args) =>
        Assert.Contains(args[0], ReportCommandLine.Parse(["report", .. args], null).Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_name_may_begin_with_an_at_sign() => Assert.Equal("@counts.csv", Read("mongodb://env", "--csv", "@counts.csv").CsvPath);

    private static ReportCommand Read(string connectionString, params string[] args)
    {
        var parsed = ReportCommandLine.Parse(["report", .. args], null);
        Assert.Empty(parsed.Errors);
        return ReportCommandLine.Read(parsed, connectionString)!;
    }
}
