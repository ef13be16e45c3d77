// The benchmarks by name. Each prints what it measured, its goal where a specification sets one, and the machine.
(string Name, string What, Func<string[], Task> RunAsync)[] benchmarks =
[
    ("kafka", "MB/s into the broker and out of it (goals G1, G2)", KafkaThroughput.RunAsync),
    ("kafka-latency", "ms from Produce to Consume at 1,000 records a second (goal G3)", KafkaLatency.RunAsync),
    ("model", "images/s of a bare loop over ONNX Runtime", BareModel.RunAsync),
    ("classifier", "images/s of the service's classifier, by runners and batch size", Classifier.RunAsync),
    ("pictures", "JPEGs/s that inference decodes and resizes on one core, beside SkiaSharp alone", DecodedPictures.RunAsync),
    ("messages", "µs to write and read a message, to add noise; ms to read the pictures", Messages.RunAsync),
    ("pipeline", "images/s of the whole pipeline beside the bare loop, in turn", WholePipeline.RunAsync),
    ("peers", "the whole pipeline beside tuned ones for Node and Python: images/s, processor time, memory, latency", Peers.RunAsync),
    ("profile", "µs of processor time an image, by program, while the whole pipeline runs at full rate", Profile.RunAsync),
    ("scaling", "images/s of the whole pipeline by cores and replicas, and by number and rate of cameras", Scaling.RunAsync),
    ("tracing", "images/s of the whole pipeline without telemetry, with no image traced, one in a hundred, every one", Tracing.RunAsync),
    ("chaos", "faults at random while the pipeline runs at full rate; nothing may be lost, doubled or mixed up", Checked(Chaos.RunAsync)),
    ("soak", "memory, threads, handles and disk of the whole pipeline at half load for twenty minutes", Soak.RunAsync),
    ("db-consumer", "images/s that DbConsumer parses and writes to the store", DbConsumerWrites.RunAsync),
    ("mongodb-upserts", "documents/s the store takes: upserts of 3 KB, then two fields of each", MongoDBUpserts.RunAsync),
    ("mongodb-accuracy", "ms of the accuracy query over a million documents, after a restart", MongoDBAccuracy.RunAsync),
];

if (args is [var wanted, .. var rest] && Array.Find(benchmarks, benchmark => benchmark.Name == wanted) is { Name: not null } chosen)
{
    Machine.Print();
    await chosen.RunAsync(rest);
    return Environment.ExitCode;
}

Console.Error.WriteLine("dotnet run -c Release --project bench/Pipeline.Bench -- NAME [options], where NAME is one of");
foreach (var (name, what, _) in benchmarks)
{
    Console.Error.WriteLine($"  {name,-22} {what}");
}

return 2;

// One that checks ends with an error where something is wrong.
static Func<string[], Task> Checked(Func<string[], Task<bool>> check) => async args => Environment.ExitCode = await check(args) ? 0 : 1;
