using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Embedded.Tests.Support;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

/// <summary>What a start does with the development certificate that the SDK makes when it is first used.</summary>
[Trait("Speed", "slow")]
public sealed class OrchestratorCertificateTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_orchestrator_takes_a_certificate_that_nobody_has_trusted_and_makes_no_key_of_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Command lines are read from /proc.");
        using var home = new TemporaryFolder();
        Dictionary<string, string> environment = new() { ["HOME"] = home.Path, ["DOTNET_CLI_HOME"] = home.Path, ["DOTNET_ENVIRONMENT"] = "Development" };
        (await ClientProgram.RunAsync("dotnet", ["dev-certs", "https"], environment: environment)).Succeeded();

        await using var run = ClientProgram.Start(
            Path.Combine(AppContext.BaseDirectory, "Pipeline.AppHost"),
            ["--Producers", "1", "--Images", "1", "--Data", ":temp:", "--Dashboard:Port", FreePort()], environment: environment);
        await run.WaitForLineAsync(line => line.StartsWith("Done: 1 image", StringComparison.Ordinal), Limit);

        var orchestrator = Assert.Single(CommandLines(), words => words.Contains("start-apiserver") && Follows(words, "--monitor", run.Id));
        Assert.Contains("--tls-cert-file", orchestrator);

        Signal.SendInterrupt(run.Id);
        Assert.Equal(0, (await run.WaitForExitAsync(Limit)).ExitCode);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static bool Follows(string[] words, string option, int value) =>
        words.SkipWhile(word => word != option).ElementAtOrDefault(1) == value.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> CommandLines()
    {
        foreach (var process in Process.GetProcessesByName("dcp"))
        {
            using (process)
            {
                yield return ProcFile.Read(process.Id, "cmdline").Split('\0');
            }
        }
    }
}
