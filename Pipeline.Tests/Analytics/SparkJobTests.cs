using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>
/// The Spark job as far as it goes without Spark: its plain functions count as <c>report</c> does, to the digit. What only Spark
/// can show is in spark/README.md.
/// </summary>
[Trait("Speed", "slow")]
public sealed class SparkJobTests(MongoDBFixture mongodb) : IClassFixture<MongoDBFixture>, IDisposable
{
    private static readonly string Job = Path.Combine(Repository.Root, "spark");
    private static readonly string Golden = Path.Combine(Job, "tests", "golden.jsonl");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_own_tests_pass() => (await PythonAsync("-m", "unittest", "discover", "-s", "tests", "-t", ".")).Succeeded();

    [Fact]
    public async Task Every_module_compiles_without_a_warning() =>
        (await PythonAsync(["-W", "error", "-m", "py_compile", .. Directory.EnumerateFiles(Job, "*.py", SearchOption.AllDirectories)])).Succeeded();

    [Fact]
    public async Task The_linter_finds_nothing()
    {
        var pyflakes = Installed.Program("pyflakes3", "apt-get install pyflakes3");

        (await ClientProgram.RunAsync(pyflakes, [Job])).Succeeded();
    }

    [Theory]
    [InlineData()]
    [InlineData("--map-reduce")]
    public async Task The_golden_set_counts_alike_to_the_digit(params string[] options)
    {
        var report = await ReportAsync(await GoldenStoreAsync(), options);
        var job = (await PythonAsync("count_file.py", Golden, "--output", _folder.File("job.csv"))).Succeeded();

        Assert.Equal(await File.ReadAllTextAsync(_folder.File("report.csv")), await File.ReadAllTextAsync(_folder.File("job.csv")));
        Assert.Equal(report.Split('\n')[0], job.Split('\n')[0]);
        Assert.Equal(Table(report, "producer_id "), Table(job, "producer_id "));
        Assert.Equal(Table(report, "_id "), Table(job, "_id "));
        Assert.True(Table(job, "producer_id ").Count > 20 && Table(job, "_id ").Count > 15);
    }

    /// <summary>What the store answers to the pipeline that Spark's connector is given, counted by <c>report</c>.</summary>
    [Theory]
    [InlineData("Selection()")]
    [InlineData("Selection(since=milliseconds('2026-03-01T12:30:00Z'), until=milliseconds('2026-03-01T14:00:00Z'))",
        "--since", "2026-03-01T12:30:00Z", "--until", "2026-03-01T14:00:00Z")]
    [InlineData("Selection(since=milliseconds('2026-03-01T14:00:00Z'), model_version='2')", "--since", "2026-03-01T14:00:00Z", "--model-version",
        "2")]
    public async Task The_store_selects_and_projects_what_the_functions_do(string selection, params string[] options)
    {
        var pipeline = (await PythonAsync("-c", $"from selection import *; print(pipeline({selection}))")).Succeeded();
        var golden = MongoDBFixture.Images(await GoldenStoreAsync());
        var read = await golden.Aggregate<BsonDocument>(
            BsonSerializer.Deserialize<BsonArray>(pipeline).Select(stage => stage.AsBsonDocument).ToArray()).ToListAsync();
        var projected = mongodb.NewDatabase();
        await MongoDBFixture.Images(projected)
            .InsertManyAsync(read.Select(document => document.DeepClone().AsBsonDocument), cancellationToken: default);

        await ReportAsync(projected);
        (await PythonAsync(["count_file.py", Golden, "--output", _folder.File("job.csv"), .. options])).Succeeded();

        Assert.Equal(await File.ReadAllTextAsync(_folder.File("report.csv")), await File.ReadAllTextAsync(_folder.File("job.csv")));
        // docs/scaling.md: 76 bytes a document, as the store sends them.
        Assert.InRange(read.Average(document => document.ToBson().Length), 74, 80);
    }

    /// <summary>The batch's own command, asked of the store that a killed run has left.</summary>
    [Fact]
    public async Task What_a_killed_run_left_is_found_and_nothing_else()
    {
        var database = mongodb.NewDatabase();
        var left = $"wrong_inference_stats.{Guid.NewGuid():n}";
        foreach (var name in (string[])["wrong_inference_stats", left, "wrong_inference_stats.kept", $"wrong_inference_stats2.{Guid.NewGuid():n}",
            $"{left}.kept"])
        {
            await database.CreateCollectionAsync(name);
        }

        var command = (await PythonAsync("-c", "import json, store; print(json.dumps(store.find_unfinished(store.STATISTICS)))")).Succeeded();
        var reply = await database.RunCommandAsync<BsonDocument>(BsonDocument.Parse(command));

        Assert.Equal(left, Assert.Single(reply["cursor"]["firstBatch"].AsBsonArray)["name"]);
    }

    /// <summary>The stream's own update statements, asked of the store as a job that crashes and starts again would.</summary>
    [Fact]
    public async Task A_batch_that_is_repeated_counts_nothing_twice_and_a_new_checkpoint_counts_again()
    {
        var database = mongodb.NewDatabase();

        Assert.Equal((2, 5), await AddAsync("first", batch: 0));
        Assert.Equal((2, 5), await AddAsync("first", batch: 0));
        Assert.Equal((4, 10), await AddAsync("first", batch: 1));
        Assert.Equal((4, 10), await AddAsync("first", batch: 0));
        Assert.Equal((2, 5), await AddAsync("second", batch: 0));

        async Task<(long Wrong, long Total)> AddAsync(string checkpoint, int batch)
        {
            var statements = (await PythonAsync("-c", $$"""
                import json, wrong_inferences_stream as stream
                row = {"producer_id": 'camera "seven", left', "hour_ms": 1772366400000, "wrong": 2, "inferences": 5, "without_truth": 1}
                print(json.dumps([stream.begin(row, "{{checkpoint}}"), stream.add(row, "{{checkpoint}}", {{batch}})]))
                """)).Succeeded();
            foreach (var statement in BsonSerializer.Deserialize<BsonArray>(statements))
            {
                var reply = await database.RunCommandAsync<BsonDocument>(new BsonDocument
                {
                    { "update", "wrong_inference_hours" }, { "updates", new BsonArray { statement } }, { "ordered", false },
                    { "writeConcern", new BsonDocument("w", "majority") },
                });
                Assert.All(reply.GetValue("writeErrors", new BsonArray()).AsBsonArray, error => Assert.Equal(11000, error["code"].ToInt32()));
            }
            var hour = await database.GetCollection<BsonDocument>("wrong_inference_hours").Find(new BsonDocument()).SingleAsync();
            return (hour["wrong_inference_count"].ToInt64(), hour["total_inferences"].ToInt64());
        }
    }

    private async Task<IMongoDatabase> GoldenStoreAsync()
    {
        var database = mongodb.NewDatabase();
        await MongoDBFixture.Images(database).InsertManyAsync(
            (await File.ReadAllLinesAsync(Golden)).Select(line => BsonDocument.Parse(line)), cancellationToken: default);
        return database;
    }

    private async Task<string> ReportAsync(IMongoDatabase database, params string[] options) => (await ServiceProcess.RunAsync(
        "Pipeline.Analytics", ["report", "--csv", _folder.File("report.csv"), .. options],
        ("ConnectionStrings__image-database", mongodb.ConnectionString(database)))).Succeeded();

    /// <summary>The lines of a table, without its header.</summary>
    private static List<string> Table(string text, string header) =>
        [.. text.Split('\n').SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Contains(" | ", StringComparison.Ordinal))];

    private Task<ClientResult> PythonAsync(params string[] arguments) => ClientProgram.RunAsync(
        Installed.Program("python3", "apt-get install python3"), arguments, folder: Job,
        environment: new Dictionary<string, string> { ["PYTHONPYCACHEPREFIX"] = _folder.File("pycache"), ["PYTHONUTF8"] = "1" });
}
