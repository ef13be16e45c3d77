using Embedded.Tests.Support;

namespace Pipeline.Tests.Deploy;

/// <summary>A Docker engine on this machine, and whatever the test made there; all of it is removed in the end.</summary>
internal sealed class ContainerEngine : IAsyncDisposable
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(3);
    private static readonly IReadOnlyDictionary<string, string> WithBuildKit = new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "1" };

    private readonly string _program;
    private readonly List<string> _containers = [];
    private readonly List<string> _images = [];

    private ContainerEngine(string program) => _program = program;

    /// <summary>Finds one that runs and can build, or skips the test with a line that says what is missing.</summary>
    public static async Task<ContainerEngine> FindAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Images are for Linux, and the test makes their base from this machine's libraries.");
        Installed.Program("docker", "apt-get install docker.io, and start its daemon");
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            var candidate = Path.Combine(folder, "docker");
            // A client without its builder says so when it is asked how to build.
            if (File.Exists(candidate) && (await ClientProgram.RunAsync(candidate, ["build", "--help"], environment: WithBuildKit)).ExitCode == 0)
            {
                Assert.SkipUnless(
                    (await ClientProgram.RunAsync(candidate, ["version"])).ExitCode == 0, "No Docker engine answers: start its daemon.");
                return new ContainerEngine(candidate);
            }
        }
        Assert.Skip("No Docker client here can build: apt-get install docker.io, or docker-buildx-plugin.");
        throw new InvalidOperationException("Skipped.");
    }

    /// <summary>Skips the test where one of the images, by repository, is not on this machine: a test downloads nothing.</summary>
    public async Task RequireAsync(params string[] repositories)
    {
        foreach (var repository in repositories)
        {
            Assert.SkipUnless(await AskAsync("images", "--quiet", repository) is not "", $"No image here: docker pull {repository}.");
        }
    }

    /// <summary>Makes an image of files on this machine, given by their paths under a folder; links are followed.</summary>
    /// <param name="path">Where the image looks for programs.</param>
    public async Task ImportAsync(string image, string root, IEnumerable<string> files, string path = "/")
    {
        _images.Add(image);
        var script = $"set -o pipefail; tar --create --dereference --hard-dereference --directory '{root}' --files-from - | '{_program}' import --change 'ENV PATH={path}' - {image}";
        (await ClientProgram.RunAsync("bash", ["-c", script], input: string.Join('\n', files), limit: BuildLimit)).Succeeded();
    }

    public async Task BuildAsync(string image, string target, params (string Name, string Value)[] arguments)
    {
        _images.Add(image);
        (await ClientProgram.RunAsync(
            _program,
            ["build", "--file", "deploy/images/Dockerfile", "--target", target, "--tag", image,
                .. arguments.SelectMany(a => (string[])["--build-arg", $"{a.Name}={a.Value}"]), "."],
            limit: BuildLimit, folder: Repository.Root, environment: WithBuildKit)).Succeeded();
    }

    /// <summary>Starts a container as it is deployed: a read-only root, no privileges; on this machine's network, where the servers are.</summary>
    public async Task<string> StartAsync(string image, IEnumerable<(string Name, string Value)> settings)
    {
        var container = (await ClientProgram.RunAsync(_program,
        [
            "run", "--detach", "--network", "host", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
            "--memory", "512m", .. settings.SelectMany(s => (string[])["--env", $"{s.Name}={s.Value}"]), image,
        ])).Succeeded().Trim();
        _containers.Add(container);
        return container;
    }

    public async Task<string> AskAsync(params string[] question) => (await ClientProgram.RunAsync(_program, question)).Succeeded().Trim();

    /// <summary>What all containers wrote, for a failure message.</summary>
    public async Task<string> LogsAsync()
    {
        var logs = await Task.WhenAll(_containers.Select(container => ClientProgram.RunAsync(_program, ["logs", container])));
        return string.Join('\n', logs.Select(log => log.Output + log.Errors));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers)
        {
            await ClientProgram.RunAsync(_program, ["rm", "--force", container]);
        }

        foreach (var image in Enumerable.Reverse(_images))
        {
            await ClientProgram.RunAsync(_program, ["rmi", "--force", image]);
        }
    }
}
