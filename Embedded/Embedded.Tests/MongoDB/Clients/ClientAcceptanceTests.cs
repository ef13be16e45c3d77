using Embedded.Tests.Support;

namespace Embedded.Tests.MongoDB.Clients;

/// <summary>Real client programs against the server as its users run it. Each script checks itself and says what it found.</summary>
[Trait("Speed", "slow")]
public sealed class ClientAcceptanceTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _data = new();
    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartMongoDBAsync(_data.Path);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task The_official_node_driver_is_content()
    {
        var node = Installed.NodePackage("mongodb");

        var result = await RunAsync(node, ["mongodb-driver.mjs"]);

        Assert.Contains("\"total\":1200,\"correct\":872", result.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_node_driver_finds_every_crud_case_as_documented()
    {
        var node = Installed.NodePackage("mongodb");

        var result = await RunAsync(node, ["crud-cases.mjs"]);

        Assert.Matches(@"^(\d+) of \1 cases$", result.Succeeded().Trim());
    }

    [Fact]
    public async Task Mongosh_answers_the_accuracy_query_of_the_predecessors()
    {
        var node = Installed.NodePackage("mongosh");
        Installed.NodePackage("mongodb");
        (await RunAsync(node, ["mongodb-driver.mjs"])).Succeeded();
        var queries = await File.ReadAllTextAsync(Path.Combine(Repository.Clients, "mongosh-queries.js"));

        var result = await RunAsync(node,
            [Path.Combine("node_modules", "mongosh", "bin", "mongosh.js"), "--quiet", $"mongodb://{_server.Address}/image_database", "--eval",
                queries]);

        Assert.Equal(
            [
                """accuracy [{"total":1200,"correct":872,"accuracy":0.7266666666666667}]""",
                "counts 1200 1200 1",
                "version 7.0.14",
                "indexes 2",
                "databases image_database",
                "explained 1200",
                "valid true",
                "host string",
                "connections true",
                "operations true",
            ],
            result.Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Pymongo_of_debian_is_content()
    {
        var python = await Installed.PythonModuleAsync("gridfs", "apt-get install python3-pymongo python3-gridfs");

        var result = await RunAsync(python, ["pymongo_round_trip.py"]);

        Assert.Equal("content", result.Succeeded().Trim());
    }

    [Fact]
    public async Task The_node_driver_mongosh_and_pymongo_log_in_and_are_refused_with_a_wrong_password_or_none()
    {
        var node = Installed.NodePackage("mongodb");
        Installed.NodePackage("mongosh");
        var python = await Installed.PythonModuleAsync("gridfs", "apt-get install python3-pymongo python3-gridfs");
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartMongoDBAsync(
            folder.Path, new Dictionary<string, string> { ["MONGO_INITDB_ROOT_USERNAME"] = "owner", ["MONGO_INITDB_ROOT_PASSWORD"] = "s3cret" });

        Assert.Equal("content", (await RunAsync(node, ["login.mjs"], server)).Succeeded().Trim());
        Assert.Equal("content", (await RunAsync(python, ["login.py"], server)).Succeeded().Trim());
        Assert.Equal("3", (await ShellAsync("owner:s3cret@")).Succeeded().Trim());
        Assert.Contains("Authentication failed", (await ShellAsync("owner:wrong@")).Errors, StringComparison.Ordinal);
        Assert.Contains("requires authentication", (await ShellAsync("")).Errors, StringComparison.Ordinal);

        Task<ClientResult> ShellAsync(string login) => RunAsync(node,
            [Path.Combine("node_modules", "mongosh", "bin", "mongosh.js"), "--quiet", $"mongodb://{login}{server.Address}/test?authSource=admin",
             "--eval", "db.numbers.countDocuments()"], server);
    }

    private Task<ClientResult> RunAsync(string program, string[] arguments, ServerProcess? server = null) => ClientProgram.RunAsync(
        program, arguments, limit: Limit, folder: Repository.Clients,
        environment: new Dictionary<string, string>
        {
            ["PORT"] = (server ?? _server).Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["HOME"] = _data.Path,
        });
}
