using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Embedded.Aspire.Running;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>Containers that no program stands in for.</summary>
public sealed class ContainerTests
{
    private const string Image = "embedded-tests-shell";

    [Theory]
    [InlineData("redis", null, "redis", null, null)]
    [InlineData("redis:8", null, "redis", "8", null)]
    [InlineData("library/redis:8", null, "library/redis", "8", null)]
    [InlineData("docker.io/library/redis", "docker.io", "library/redis", null, null)]
    [InlineData("localhost:5000/mine:1.2", "localhost:5000", "mine", "1.2", null)]
    [InlineData("ghcr.io/a/b@sha256:abc", "ghcr.io", "a/b", null, "abc")]
    public void An_image_is_read_as_people_write_it(string text, string? registry, string repository, string? tag, string? digest) =>
        Assert.Equal(new ImageName(registry, repository, tag, digest), ImageName.Parse(text));

    [Fact]
    public void What_is_said_about_an_image_adds_up()
    {
        var builder = Applications.New();
        var cache = builder.AddContainer("cache", "docker.io/library/redis").WithImageTag("8");

        Assert.Equal("docker.io/library/redis:8", ImageOf(cache));
        Assert.Equal("library/valkey:latest", ImageOf(cache.WithImage("library/valkey")));
        Assert.Equal("quay.io/library/valkey@sha256:abc", ImageOf(cache.WithImageRegistry("quay.io").WithImageSHA256("abc")));
        Assert.Throws<InvalidOperationException>(() => cache.WithImage("redis:7", "8"));
    }

    [Fact]
    public async Task The_engine_is_told_everything_and_secrets_only_by_name()
    {
        var builder = Applications.New();
        var cache = builder.AddContainer("cache", "redis", "8")
            .WithHttpEndpoint(targetPort: 6379).WithEntrypoint("/bin/start").WithVolume("data", "/data").WithVolume("/scratch")
            .WithBindMount("conf", "/etc/conf", isReadOnly: true).WithImagePullPolicy(ImagePullPolicy.Always);
        await Applications.AllocateAsync(builder);

        var line = ContainerEngine.Arguments(
            cache.Resource, "cache-abcdefgh", "redis:8", ["--memory", "64m"], ["--quiet"], new Dictionary<string, string> { ["PASSWORD"] = "s3cret" });

        var port = cache.GetEndpoint("http").Port;
        Assert.Equal(
            [
                "run", "--rm", "--name", "cache-abcdefgh", "--add-host=host.docker.internal:host-gateway", "--pull", "always",
                "-p", $"127.0.0.1:{port}:6379", "-v", "data:/data", "-v", "/scratch",
                "-v", $"{Path.Combine(builder.AppHostDirectory, "conf")}:/etc/conf:ro", "-e", "PASSWORD", "--entrypoint", "/bin/start",
                "--memory", "64m", "redis:8", "--quiet",
            ], line);
    }

    [Fact]
    public async Task A_container_reaches_this_machine_under_the_engines_name_for_it()
    {
        var builder = Applications.New();
        var kafka = builder.AddKafka("kafka");
        var service = builder.AddService("service");
        var viewer = builder.AddContainer("viewer", "viewer").WithReference(kafka).WithReference(service);
        await Applications.AllocateAsync(builder);

        var variables = await Applications.EnvironmentOf(viewer);

        Assert.Equal($"host.docker.internal:{kafka.Resource.PrimaryEndpoint.Port}", variables["ConnectionStrings__kafka"]);
        Assert.Equal($"http://host.docker.internal:{service.GetEndpoint("http").Port}", variables["services__service__http__0"]);
    }

    [Fact]
    public async Task A_container_endpoint_needs_a_target_port()
    {
        var builder = Applications.New();
        builder.AddContainer("cache", "redis").WithHttpEndpoint();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => Applications.AllocateAsync(builder));

        Assert.Contains("targetPort", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_engine_a_container_says_what_is_missing_and_the_rest_runs()
    {
        Assert.SkipWhen(await EngineAnswersAsync(), "A container engine answers on this machine.");
        var builder = Applications.New();
        var cache = builder.AddContainer("cache", "redis", "8");
        builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(cache);
        builder.AddExecutable("other", "sleep", ".", "1000");
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("other", KnownResourceStates.Running, Applications.Deadline());
        await app.ResourceNotifications.WaitForResourceAsync("cache", KnownResourceStates.RuntimeUnhealthy, Applications.Deadline());
        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.FailedToStart, Applications.Deadline());

        var log = (ResourceLoggerService)app.Services.GetService(typeof(ResourceLoggerService))!;
        Assert.Contains(log.Tail("cache", 10), line => line.Contains("redis:8", StringComparison.Ordinal) && line.Contains("docker", StringComparison.Ordinal));
    }

    [Fact, Trait("Speed", "slow")]
    public async Task A_container_runs_and_leaves_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && (await RunAsync("docker", "ps", "-q")).Succeeded, "Docker does not answer on this machine.");
        Assert.SkipUnless(await ImportShellAsync(), "This machine's shell does not fit into an image of its own.");
        var builder = Applications.New();
        builder.AddContainer("box", Image, "1").WithEnvironment("WHO", "you").WithContainerName(Image)
            .WithArgs("/bin/sh", "-c", "echo hello $WHO; trap 'exit 0' TERM; sleep 1000 & wait");
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        var log = (ResourceLoggerService)app.Services.GetService(typeof(ResourceLoggerService))!;
        await Eventually.TrueAsync(() => log.Tail("box", 5).Contains("hello you"), Applications.Limit, () => string.Join('\n', log.Tail("box", 5)));

        await app.StopAsync();

        Assert.Equal(KnownResourceStates.Exited, app.ResourceNotifications.Current().Single(e => e.Resource.Name == "box").Snapshot.State?.Text);
        Assert.Empty((await RunAsync("docker", "ps", "-aq", "--filter", $"name={Image}")).Output.Trim());
    }

    // No image can be fetched in a test: one is made of the machine's own shell.
    private static async Task<bool> ImportShellAsync() => (await RunAsync(
        "sh", "-c", $"tar -ch -C / bin/sh bin/sleep $(ldd /bin/sh /bin/sleep | grep -o '/[^ ]*so[^ ]*' | sort -u | cut -c2-) | docker import - {Image}:1"))
        .Succeeded && (await RunAsync("docker", "run", "--rm", $"{Image}:1", "/bin/sh", "-c", "exit 0")).Succeeded;

    private static async Task<bool> EngineAnswersAsync() =>
        (await RunAsync("docker", "ps", "-q")).Succeeded || (await RunAsync("podman", "ps", "-q")).Succeeded;

    private static async Task<(bool Succeeded, string Output)> RunAsync(string name, params string[] args)
    {
        if (Programs.Find(name) is not { } program) return (false, "");
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(Applications.Deadline()), process.StandardError.ReadToEndAsync(Applications.Deadline()));
        await process.WaitForExitAsync(Applications.Deadline());
        return (process.ExitCode == 0, output[0]);
    }

    private static string? ImageOf(IResourceBuilder<ContainerResource> builder) => builder.Resource.TryGetContainerImageName(out var image) ? image : null;
}
