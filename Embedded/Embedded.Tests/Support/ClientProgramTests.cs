namespace Embedded.Tests.Support;

public sealed class ClientProgramTests
{
    [Fact]
    public async Task A_program_that_ends_reports_its_exit_code_and_both_streams()
    {
        var result = await ClientProgram.RunAsync("sh", ["-c", "cat; echo trouble >&2; exit 3"], input: "one\ntwo\n");

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["one", "two"], result.Lines);
        Assert.Equal("trouble", result.Errors);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_killed_at_the_limit()
    {
        await Assert.ThrowsAsync<TimeoutException>(
            () => ClientProgram.RunAsync("sh", ["-c", "sleep 100"], limit: TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public async Task A_line_is_awaited_while_the_program_runs_on()
    {
        await using var program = ClientProgram.Start("sh", ["-c", "echo ready; read answer; echo $answer"]);

        await program.WaitForLineAsync(line => line == "ready");
        await program.Input.WriteLineAsync("done");
        var result = await program.WaitForExitAsync();

        Assert.Equal(["ready", "done"], result.Lines);
    }
}
