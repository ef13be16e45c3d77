using System.Globalization;

/// <summary>
/// The store's write path: unordered upserts of 3 KB documents in batches of 1000 over four connections, then a second
/// pass that sets two fields of the same documents in nearly the same order. Goal of the specification: 30,000 documents
/// a second for each, on a disk that writes 400 MB/s; 20,000 sustained over a million, with 99 of 100 batches under 400 ms.
/// </summary>
/// <remarks>Options: number of documents (default 300,000), connections (4), data folder (a temporary one).</remarks>
internal static class MongoDBUpserts
{
    public static async Task RunAsync(string[] args)
    {
        var documentCount = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300_000;
        var connectionCount = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4;
        await using var load = await MongoDBLoad.StartAsync(args.Length > 2 ? args[2] : null);
        await load.PrintDiskSpeedAsync();
        await load.RunUpdatesAsync("upsert 3 KB      ", documentCount, connectionCount, MongoDBLoad.WriteImage, isUpsert: true, static i => i);
        await load.RunUpdatesAsync("set two fields   ", documentCount, connectionCount, MongoDBLoad.WriteInference, isUpsert: true, i => Shuffled(i, documentCount));
    }

    /// <summary>Nearly in order, as results arrive: every place swaps with one a little away. Its own inverse, so no document is left out.</summary>
    private static int Shuffled(int i, int documentCount)
    {
        var other = i ^ 0x155;
        return other < documentCount ? other : i;
    }
}
