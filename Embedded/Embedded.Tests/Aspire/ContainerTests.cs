using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Embedded.Aspire.Running;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>Containers that no program stands in for.</summary>
public sealed class ContainerTests
{
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

        Assert.Equal("docker.io/library/redis:8", Image(cache));
        Assert.Equal("library/valkey:latest", Image(cache.WithImage("library/valkey")));
        Assert.Equal("quay.io/library/valkey@sha256:abc", Image(cache.WithImageRegistry("quay.io").WithImageSHA256("abc")));
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

    private static async Task<bool> EngineAnswersAsync()
    {
        foreach (var engine in new[] { "docker", "podman" })
        {
            if (Programs.Find(engine) is not { } program) continue;
            using var process = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo(program, ["ps", "-q"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Applications.Deadline()), process.StandardError.ReadToEndAsync(Applications.Deadline()));
            await process.WaitForExitAsync(Applications.Deadline());
            if (process.ExitCode == 0) return true;
        }
        return false;
    }

    private static string? Image(IResourceBuilder<ContainerResource> builder) => builder.Resource.TryGetContainerImageName(out var image) ? image : null;
}
