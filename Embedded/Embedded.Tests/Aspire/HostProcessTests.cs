using System.Diagnostics;
using System.Globalization;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>The host as a program: how it ends, and that no child outlives it.</summary>
public sealed class HostProcessTests
{
    [Fact]
    public async Task Killing_the_host_leaves_no_process_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks at processes through /proc.");
        using var started = await StartHostAsync();
        var host = started.Process;
        // Two replicas, a shell with two children, the watchdog.
        IReadOnlyList<int> family = [];
        await Eventually.TrueAsync(() => (family = ProcessTree.DescendantsOf(host.Id)).Count >= 6, Applications.Limit, () => $"found {family.Count}");

        host.Kill();                                    // SIGKILL, and to the host alone

        await Eventually.TrueAsync(() => !family.Any(ProcessTree.IsAlive), TimeSpan.FromSeconds(5), () => string.Join(' ', family.Where(ProcessTree.IsAlive)));
    }

    [Fact]
    public async Task Asking_the_host_to_end_ends_everything_with_exit_code_zero()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks at processes through /proc.");
        using var started = await StartHostAsync();
        var host = started.Process;
        var family = ProcessTree.DescendantsOf(host.Id);

        using var kill = Process.Start("kill", ["-TERM", host.Id.ToString(CultureInfo.InvariantCulture)]);
        await host.WaitForExitAsync(Applications.Deadline());

        Assert.Equal(0, host.ExitCode);
        await Eventually.TrueAsync(() => !family.Any(ProcessTree.IsAlive), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_configures_the_host_is_not_for_its_children()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks at processes through /proc.");
        string[] own = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];
        using var started = await StartHostAsync([.. own.Select(name => (name, "elsewhere")), ("INHERITED", "yes")]);

        // The program has no launch profile that would set some of them anew.
        List<List<string>> programs = [];
        await Eventually.TrueAsync(
            () => (programs = [.. ProcessTree.DescendantsOf(started.Process.Id).Select(EnvironmentOf).Where(e => e.Contains("GREETING=hello"))]).Count > 0,
            Applications.Limit);

        Assert.All(programs, variables => Assert.Contains("INHERITED=yes", variables));
        Assert.All(programs, variables => Assert.DoesNotContain(variables, v => own.Any(name => v.StartsWith(name + "=", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_run_that_cannot_start_says_why_in_one_line_and_exits_with_1()
    {
        using var started = Start(["--publisher", "manifest"]);
        var host = started.Process;

        var errors = await host.StandardError.ReadToEndAsync(Applications.Deadline());
        await host.WaitForExitAsync(Applications.Deadline());

        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, host.ExitCode);                 // although this AppHost returns 0
    }

    private static List<string> EnvironmentOf(int pid)
    {
        try { return [.. File.ReadAllText($"/proc/{pid}/environ").Split('\0')]; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return []; }      // it has ended
    }

    private static HostProcess Start(string[] args, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Projects.Embedded_Tests_AppHost).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    private static async Task<HostProcess> StartHostAsync(params (string Name, string Value)[] variables)
    {
        var host = Start(["--Embedded:Dashboard", "false", "--DcpPublisher:RandomizePorts", "true", "--Greeting", "hello"], variables);
        try
        {
            var deadline = Applications.Deadline();
            while (await host.Process.StandardOutput.ReadLineAsync(deadline) is { } line)
            {
                if (line.StartsWith("family ", StringComparison.Ordinal)) return host;
            }
            throw new InvalidOperationException($"The host ended early: {await host.Process.StandardError.ReadToEndAsync(deadline)}");
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A host that does not outlive its test, also when the test fails.</summary>
    private sealed class HostProcess(Process process) : IDisposable
    {
        public Process Process { get; } = process;

        public void Dispose()
        {
            if (!Process.HasExited) Process.Kill(entireProcessTree: true);
            Process.Dispose();
        }
    }
}
