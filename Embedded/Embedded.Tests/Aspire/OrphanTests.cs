using System.Diagnostics;
using System.Globalization;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>No child outlives the host, however the host ends.</summary>
public sealed class OrphanTests
{
    [Fact]
    public async Task Killing_the_host_leaves_no_process_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks at processes through /proc.");
        using var host = await StartHostAsync();
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
        using var host = await StartHostAsync();
        var family = ProcessTree.DescendantsOf(host.Id);

        using var kill = Process.Start("kill", ["-TERM", host.Id.ToString(CultureInfo.InvariantCulture)]);
        await host.WaitForExitAsync(Applications.Deadline());

        Assert.Equal(0, host.ExitCode);
        await Eventually.TrueAsync(() => !family.Any(ProcessTree.IsAlive), TimeSpan.FromSeconds(5));
    }

    private static async Task<Process> StartHostAsync()
    {
        var assembly = typeof(Projects.Embedded_Tests_AppHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly, "--Embedded:Dashboard", "false", "--DcpPublisher:RandomizePorts", "true"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var host = Process.Start(start)!;
        try
        {
            var deadline = Applications.Deadline();
            while (await host.StandardOutput.ReadLineAsync(deadline) is { } line)
            {
                if (line.StartsWith("family ", StringComparison.Ordinal)) return host;
            }
            throw new InvalidOperationException($"The host ended early: {await host.StandardError.ReadToEndAsync(deadline)}");
        }
        catch
        {
            host.Kill(entireProcessTree: true);
            host.Dispose();
            throw;
        }
    }
}
