using Embedded.Tests.Support;

namespace Pipeline.Tests.Deploy;

/// <summary>Compose itself accepts the files, alone and with telemetry, and refuses to start without a password.</summary>
public sealed class ComposeFileTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "compose");

    [Theory]
    [InlineData("docker-compose.yaml")]
    [InlineData("docker-compose.yaml", "telemetry.yaml")]
    public async Task Compose_accepts_the_files(params string[] files)
    {
        using var folder = new TemporaryFolder();
        var environment = folder.File(".env");
        await File.WriteAllTextAsync(environment, (await File.ReadAllTextAsync(Path.Combine(Folder, ".env.example")))
            .Replace("MONGODB_PASSWORD=", "MONGODB_PASSWORD=OnlyForThisTest1", StringComparison.Ordinal));

        var services = (await ComposeAsync(environment, files, "config", "--services")).Succeeded()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string[] expected = ["analytics", "broker", .. files.Contains("telemetry.yaml") ? (string[])["collector"] : [], "db-consumer", "inference",
            "mongodb", "producer"];
        Assert.Equal(expected, services.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Compose_asks_for_the_password_that_nobody_filled_in()
    {
        var refused = await ComposeAsync(Path.Combine(Folder, ".env.example"), ["docker-compose.yaml"], "config", "--quiet");

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("MONGODB_PASSWORD", refused.Errors, StringComparison.Ordinal);
    }

    private static async Task<ClientResult> ComposeAsync(string environment, string[] files, params string[] command)
    {
        var docker = Installed.Program("docker", "apt-get install docker.io docker-compose");
        var version = await ClientProgram.RunAsync(docker, ["compose", "version", "--short"]);
        Assert.SkipUnless(version.ExitCode == 0, "docker has no Compose plugin: install docker-compose-plugin, or docker-compose 2.20 or newer.");
        return await ClientProgram.RunAsync(
            docker, ["compose", "--env-file", environment, .. files.SelectMany(file => (string[])["--file", file]), .. command], folder: Folder);
    }
}
