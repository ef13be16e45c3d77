using System.Text.Json.Nodes;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Publishing;

/// <summary>What the AppHost writes when it is asked to publish, as a program; written once for all tests that read it.</summary>
public sealed class PublishedPipeline : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal static string AppHostFolder { get; } = Path.Combine(Repository.Root, "Pipeline.AppHost");

    /// <summary>The manifest, and as what aspirate gets; both beside the AppHost's objects, so that paths are the same everywhere.</summary>
    internal string Manifest { get; } = Path.Combine(AppHostFolder, "obj", "manifest-under-test.json");

    internal string AspirateManifest { get; } = Path.Combine(AppHostFolder, "obj", "aspirate-manifest-under-test.json");

    /// <summary>As <c>deploy/</c>: <c>k8s/base</c> and <c>compose</c>.</summary>
    internal string Deploy => _folder.Path;

    internal ClientResult AspirateRun { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (await RunAsync("--publisher", "manifest", "--output-path", Manifest)).Succeeded();
        AspirateRun = await RunAsAspirateAsync(Path.GetFileName(AspirateManifest));
        (await RunAsync("--operation", "publish", "--step", "publish", "--output-path", Deploy)).Succeeded();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        File.Delete(Manifest);
        File.Delete(AspirateManifest);
        return ValueTask.CompletedTask;
    }

    internal static JsonObject Resources(string manifest) => JsonNode.Parse(File.ReadAllText(manifest))!["resources"]!.AsObject();

    /// <summary>Compares a text with the one that was reviewed; UPDATE_GOLDEN=1 makes it the reviewed one.</summary>
    internal static async Task AssertReviewedAsync(string reviewedFile, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(reviewedFile)!);
            await File.WriteAllTextAsync(reviewedFile, actual);
        }
        Assert.Equal(await File.ReadAllTextAsync(reviewedFile), actual);
    }

    /// <summary>Runs the AppHost as aspirate does, in its folder and with the profile that our documentation names.</summary>
    internal static Task<ClientResult> RunAsAspirateAsync(string file, params string[] more)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;      // …/bin/Debug/net10.0/
        return ClientProgram.RunAsync(
            "dotnet",
            ["run", "--no-build", "--configuration", configuration, "--launch-profile", "aspirate", "--project", "Pipeline.AppHost.csproj", "--",
             "--publisher", "manifest", "--output-path", "obj/" + file, .. more],
            folder: AppHostFolder);
    }

    internal static Task<ClientResult> RunAsync(params string[] args) =>
        ClientProgram.RunAsync("dotnet", [typeof(Projects.Pipeline_AppHost).Assembly.Location, .. args], folder: AppHostFolder);
}

/// <summary>One publishing for all classes that look at its results.</summary>
[CollectionDefinition(Name)]
public sealed class PublishedCollection : ICollectionFixture<PublishedPipeline>
{
    public const string Name = "published pipeline";
}
