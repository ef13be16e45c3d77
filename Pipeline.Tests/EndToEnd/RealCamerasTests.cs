using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Producer.Sources;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

/// <summary>No simulated camera: a folder of pictures by one switch, and a device that posts its own from elsewhere in the network.</summary>
[Trait("Speed", "slow")]
public sealed class RealCamerasTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Pictures_of_a_folder_and_of_a_device_become_documents_with_predictions()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("ship"));
        await File.WriteAllBytesAsync(folder.File("ship/1.jpg"), AJpeg.Of(1));
        await File.WriteAllBytesAsync(folder.File("2.jpg"), AJpeg.Of(2));
        await using var pipeline = await RunningPipeline.StartAsync(
            "--Source", $"album={folder.Path}", "--Rate", "5", "--Producer:Port", "8081");
        await pipeline.StoredAsync(4, Limit);

        using var local = pipeline.HttpClientFor("producer");            // Aspire's tests give every endpoint another port than it asks for
        using var device = new HttpClient { BaseAddress = new UriBuilder(local.BaseAddress!) { Host = AddressInNetwork().ToString() }.Uri };
        using var answer = await device.PostAsync("/images/yard", new ByteArrayContent(AJpeg.Of(3)));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await Polling.UntilAsync(
            async () => (await OfAsync(pipeline, "yard")) is [{ } stored] && stored.Contains("InferredValue"), Limit, () => "not stored");
        var posted = Assert.Single(await OfAsync(pipeline, "yard"));
        Assert.False(posted.Contains("GroundTruth"));
        Assert.Equal("JPEG", posted["Image"]["Format"].AsString);
        Assert.Equal(AJpeg.Of(3), posted["Image"]["Data"].AsByteArray);
        var album = await OfAsync(pipeline, "album");
        Assert.Equal(["ship", null], album.Select(image => image.GetValue("GroundTruth",
            BsonNull.Value).IsString ? image["GroundTruth"].AsString : null).Distinct().OrderDescending());
        Assert.StartsWith("album (", (await pipeline.ProgressAsync()).GetProperty("pictures").GetString(), StringComparison.Ordinal);
    }

    private static Task<List<BsonDocument>> OfAsync(RunningPipeline pipeline, string camera) =>
        pipeline.Images.Find(new BsonDocument("producer_id", camera)).ToListAsync();

    /// <summary>This machine's, as others see it; where there is no network, its own.</summary>
    private static IPAddress AddressInNetwork() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(address => address.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback;
}
