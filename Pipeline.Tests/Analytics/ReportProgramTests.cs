using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary><c>report</c> as people run it.</summary>
[Trait("Speed", "slow")]
public sealed class ReportProgramTests(MongoDBFixture mongodb) : IClassFixture<MongoDBFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IMongoDatabase _database = mongodb.NewDatabase();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData()]
    [InlineData("--map-reduce")]
    public async Task It_prints_the_figures_writes_the_csv_and_keeps_the_counts(params string[] options)
    {
        await MongoDBFixture.Images(_database).InsertManyAsync(
            [ADocument.Of("camera-1", "ship", "ship"), ADocument.Of("camera-1", "ship", "car"), ADocument.Of("camera-2", "cat")],
            cancellationToken: default);

        // Twice: the second run replaces what the first one kept.
        await RunAsync(options);
        var text = await RunAsync(options);

        Assert.Contains("accuracy 0.5000: 1 of 2 inferred images with a known truth are correct", text, StringComparison.Ordinal);
        Assert.Contains("1 not yet inferred", text, StringComparison.Ordinal);
        Assert.Contains("camera-1    |                     1 |                2 |       50.0 |             0", text, StringComparison.Ordinal);
        Assert.Equal("ProducerID,total_errors\ncamera-1,1\ncamera-2,0\n", await File.ReadAllTextAsync(_folder.File("errors.csv")));

        var kept = await _database.GetCollection<BsonDocument>("wrong_inference_stats").Find(new BsonDocument())
            .Sort(new BsonDocument("_id", 1)).ToListAsync(cancellationToken: default);
        Assert.Equal([("camera-1", 1L, 2L), ("camera-2", 0L, 0L)],
            kept.Select(row => (row["producer_id"].AsString, row["wrong_inference_count"].ToInt64(), row["total_inferences"].ToInt64())));
        Assert.Equal(0.5, kept[0]["error_rate"].ToDouble());
        Assert.True(kept[1]["error_rate"].IsBsonNull);
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_one_line_and_exit_code_1()
    {
        var result = await ServiceProcess.RunAsync(
            "Pipeline.Analytics", ["report", "--mongodb", "mongodb://user:secret@127.0.0.1:1/image_database?serverSelectionTimeoutMS=200"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("secret", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Which store? Name it with --mongodb", "report")]
    [InlineData("'--cvs'", "report", "--cvs", "x")]
    public async Task Without_a_store_or_with_an_option_that_it_does_not_know_it_says_so_and_the_exit_code_is_2(string said, params string[] args)
    {
        var result = await ServiceProcess.RunAsync("Pipeline.Analytics", args);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_csv_that_cannot_be_written_is_one_line_and_exit_code_1()
    {
        await MongoDBFixture.Images(_database).InsertOneAsync(ADocument.Of("camera-1", "ship"), cancellationToken: default);
        var result = await ServiceProcess.RunAsync(
            "Pipeline.Analytics", ["report", "--csv", _folder.File("no/such/folder.csv"), "--mongodb", mongodb.ConnectionString(_database)]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--csv", Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("--map-reduce")]
    public async Task A_database_without_images_is_named_and_the_csv_of_another_day_stays(params string[] options)
    {
        await File.WriteAllTextAsync(_folder.File("errors.csv"), "of another day");

        var result = await ServiceProcess.RunAsync(
            "Pipeline.Analytics", ["report", "--csv", _folder.File("errors.csv"), "--mongodb", mongodb.ConnectionString(_database), .. options]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"no collection image_data in the database {_database.DatabaseNamespace}",
            Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("of another day", await File.ReadAllTextAsync(_folder.File("errors.csv")));
    }

    [Fact]
    public async Task The_counts_of_a_producer_that_is_gone_go_too()
    {
        var images = MongoDBFixture.Images(_database);
        await images.InsertManyAsync([ADocument.Of("camera-1", "ship", "ship"), ADocument.Of("camera-2", "ship", "car")], cancellationToken: default);
        await RunAsync([]);
        await images.DeleteManyAsync(new BsonDocument("producer_id", "camera-2"), default);
        await RunAsync([]);

        var kept = await _database.GetCollection<BsonDocument>("wrong_inference_stats").Find(new BsonDocument())
            .ToListAsync(cancellationToken: default);
        Assert.Equal("camera-1", Assert.Single(kept)["producer_id"].AsString);
    }

    private async Task<string> RunAsync(string[] options) => (await ServiceProcess.RunAsync(
        "Pipeline.Analytics", ["report", "--csv", _folder.File("errors.csv"), .. options],
        ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)))).Succeeded();
}
