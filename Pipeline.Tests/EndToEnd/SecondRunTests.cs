using Embedded.Tests.Support;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

[Trait("Speed", "slow")]
public sealed class SecondRunTests
{
    private const int Images = 20;

    /// <summary>The password is generated once and kept; otherwise a second run could not read what the first has stored.</summary>
    [Fact]
    public async Task A_second_run_on_the_same_folder_finds_what_the_first_has_stored_and_counts_its_own()
    {
        using var folder = new TemporaryFolder();
        var password = await RunAsync(folder.Path, earlier: 0);

        Assert.Equal(password, await RunAsync(folder.Path, earlier: Images));
    }

    private static async Task<string> RunAsync(string folder, int earlier)
    {
        await using var pipeline = await RunningPipeline.StartAsync("--Data", folder, "--Producers", "1", "--Images", $"{Images}", "--Rate", "0");
        await pipeline.StoredAsync(earlier + Images, TimeSpan.FromMinutes(1));

        var (stored, found) = (0L, 0L);
        await Polling.UntilAsync(                            // the figures may be half a second old
            async () =>
            {
                var progress = await pipeline.ProgressAsync();
                (stored, found) = (progress.GetProperty("stored").GetInt64(), progress.GetProperty("earlier").GetInt64());
                return (stored, found) == (Images, earlier);
            },
            TimeSpan.FromSeconds(30), () => $"{stored} stored in this run, {found} in earlier ones");
        return MongoUrl.Create(pipeline.MongoDB).Password;
    }
}
