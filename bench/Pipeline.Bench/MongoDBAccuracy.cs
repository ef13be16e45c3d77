using System.Globalization;
using Embedded.MongoDB.Bson;

/// <summary>
/// The accuracy query of the analysis over a collection of 3 KB images: the first run after a restart, and later ones.
/// Goal of the specification: under 1.5 s for a million documents.
/// </summary>
/// <remarks>Options: number of documents (default 1,000,000).</remarks>
internal static class MongoDBAccuracy
{
    private const int RunCount = 4;

    public static async Task RunAsync(string[] args)
    {
        var documentCount = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("mongodb-bench-").FullName;
        try
        {
            await using (var load = await MongoDBLoad.StartAsync(folder))
            {
                await load.PrintDiskSpeedAsync();
                await load.RunUpdatesAsync("upsert 3 KB      ", documentCount, 4, MongoDBLoad.WriteImage, isUpsert: true, static i => i);
                await load.RunUpdatesAsync("set two fields   ", documentCount, 4, MongoDBLoad.WriteInference, isUpsert: true, static i => i);
            }

            await using var restarted = await MongoDBLoad.StartAsync(folder);
            for (var run = 1; run <= RunCount; run++)
            {
                var processorTime = restarted.ServerProcessorTime;
                var (reply, time) = await restarted.CommandAsync(WriteAccuracy);
                var (total, correct) = (ReadInt32(reply, "total\0"u8), ReadInt32(reply, "correct\0"u8));
                if (total != documentCount || correct != documentCount)
                {
                    throw new InvalidOperationException($"{documentCount} documents were stored, {total} counted, {correct} of them correct");
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy, run {run}: {time.TotalMilliseconds:F0} ms over {total} documents, {(restarted.ServerProcessorTime - processorTime).TotalMilliseconds:F0} ms of processor"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int ReadInt32(byte[] reply, ReadOnlySpan<byte> name)
    {
        var at = reply.AsSpan().IndexOf(name);
        return at < 0 ? -1 : BitConverter.ToInt32(reply, at + name.Length);
    }

    /// <summary>Counts all and the correct ones, and divides.</summary>
    private static void WriteAccuracy(BsonWriter writer)
    {
        writer.WriteString("aggregate"u8, "image_data");
        var pipeline = writer.BeginArray("pipeline"u8);
        var group = writer.BeginDocument("0"u8);
        var fields = writer.BeginDocument("$group"u8);
        writer.WriteNull("_id"u8);
        var total = writer.BeginDocument("total"u8);
        writer.WriteInt32("$sum"u8, 1);
        writer.EndDocument(total);
        var correct = writer.BeginDocument("correct"u8);
        var sum = writer.BeginDocument("$sum"u8);
        var condition = writer.BeginArray("$cond"u8);
        var equal = writer.BeginDocument("0"u8);
        var operands = writer.BeginArray("$eq"u8);
        writer.WriteString("0"u8, "$InferredValue");
        writer.WriteString("1"u8, "$GroundTruth");
        writer.EndDocument(operands);
        writer.EndDocument(equal);
        writer.WriteInt32("1"u8, 1);
        writer.WriteInt32("2"u8, 0);
        writer.EndDocument(condition);
        writer.EndDocument(sum);
        writer.EndDocument(correct);
        writer.EndDocument(fields);
        writer.EndDocument(group);
        var project = writer.BeginDocument("1"u8);
        var shape = writer.BeginDocument("$project"u8);
        writer.WriteInt32("_id"u8, 0);
        writer.WriteInt32("total"u8, 1);
        writer.WriteInt32("correct"u8, 1);
        var accuracy = writer.BeginDocument("accuracy"u8);
        var divide = writer.BeginArray("$divide"u8);
        writer.WriteString("0"u8, "$correct");
        writer.WriteString("1"u8, "$total");
        writer.EndDocument(divide);
        writer.EndDocument(accuracy);
        writer.EndDocument(shape);
        writer.EndDocument(project);
        writer.EndDocument(pipeline);
        writer.EndDocument(writer.BeginDocument("cursor"u8));
    }
}
