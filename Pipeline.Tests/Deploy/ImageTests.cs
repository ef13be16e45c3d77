using System.Globalization;
using System.Reflection;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Deploy;

/// <summary>
/// The four images, built by deploy/images/Dockerfile from the programs that the tests were built with, pass pictures from camera to
/// document. No image is pulled: the base holds this machine's .NET and the libraries that Microsoft's distroless one holds, and no more.
/// </summary>
public sealed class ImageTests(KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>
{
    private const int Images = 50;
    private const string User = "1654";
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(2);

    /// <summary>What .NET, librdkafka, ONNX Runtime and Skia open; whatever these need comes along. No libz: it is not in the base.</summary>
    private static readonly string[] Libraries = ["libssl.so.3", "libcrypto.so.3", "libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libdl.so.2",
        "libpthread.so.0", "librt.so.1"];

    // …/shared/Microsoft.NETCore.App/VERSION
    private static readonly string Runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly string DotnetFolder = Path.GetFullPath(Path.Combine(Runtime, "..", "..", ".."));

    private static readonly (string Name, string Project)[] Services =
    [
        ("inference", "Pipeline.Inference"), ("db-consumer", "Pipeline.DbConsumer"), ("analytics", "Pipeline.Analytics"),
        ("producer", "Pipeline.Producer"),
    ];

    [Fact, Trait("Speed", "slow")]
    public async Task The_images_pass_pictures_as_a_plain_user_on_a_read_only_root()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await ContainerEngine.FindAsync();
        var tag = Guid.NewGuid().ToString("N");
        await engine.ImportAsync($"pipeline-test-base:{tag}", "/", await BaseAsync(), DotnetFolder);
        await Task.WhenAll(Services.Select(service => PublishAsync(service.Project, folder.File("publish/" + service.Project))));
        await engine.ImportAsync($"pipeline-test-published:{tag}", folder.Path, ["publish"]);
        foreach (var (name, _) in Services)
        {
            await engine.BuildAsync(
                $"pipeline-test-{name}:{tag}", name, ("BASE", $"pipeline-test-base:{tag}"), ("PUBLISHED", $"pipeline-test-published:{tag}"));
        }

        var database = mongodb.NewDatabase();

        foreach (var (name, _) in Services)
        {
            var container = await engine.StartAsync($"pipeline-test-{name}:{tag}",
            [
                ("ConnectionStrings__kafka", kafka.Address), ("ConnectionStrings__image-database", mongodb.ConnectionString(database)),
                ("Cameras__Producers", "1"), ("Cameras__Images", Images.ToString(CultureInfo.InvariantCulture)),
                ("ASPNETCORE_URLS", "http://127.0.0.1:0"),       // four services on one network
            ]);
            Assert.Equal(User, await engine.AskAsync("inspect", "--format", "{{.Config.User}}", container));
        }

        var documents = MongoDBFixture.Images(database);
        var done = Builders<BsonDocument>.Filter.Exists("InferredValue") & Builders<BsonDocument>.Filter.Exists("Image");
        var logs = "";
        await Polling.UntilAsync(
            async () =>
            {
                logs = await engine.LogsAsync();
                return await documents.CountDocumentsAsync(done) == Images;
            },
            RunLimit, () => logs);
    }

    /// <summary>.NET as the tests run on it, and the libraries; all by their paths on this machine.</summary>
    private static async Task<IReadOnlyList<string>> BaseAsync()
    {
        var web = Path.GetDirectoryName(Assembly.Load("Microsoft.AspNetCore").Location)!;
        var known = (await ClientProgram.RunAsync("/sbin/ldconfig", ["-p"])).Succeeded().Split('\n')
            .Where(line => line.Contains("x86-64", StringComparison.Ordinal) || line.Contains("AArch64", StringComparison.Ordinal))
            .Select(line => line.Split(" => ")).Where(parts => parts.Length == 2)
                .ToLookup(parts => parts[0].Trim().Split(' ')[0], parts => parts[1].Trim());
        var libraries = Libraries.SelectMany(name => known[name].Take(1)).ToList();
        var needed = (await ClientProgram.RunAsync("ldd", [Path.Combine(DotnetFolder, "dotnet"), .. libraries])).Succeeded().Split('\n')
            .SelectMany(line => line.Split(' ', '\t')).Where(word => word.StartsWith('/') && !word.EndsWith(':'));
        return [DotnetFolder + "/dotnet", DotnetFolder + "/host", Runtime, web, .. libraries.Concat(needed).Distinct()];
    }

    private static async Task PublishAsync(string project, string folder)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;      // …/bin/Debug/net10.0/
        (await ClientProgram.RunAsync(
            "dotnet", ["publish", project, "--no-build", "--configuration", configuration, "--output", folder], limit: PublishLimit,
            folder: Repository.Root)).Succeeded();
    }
}
