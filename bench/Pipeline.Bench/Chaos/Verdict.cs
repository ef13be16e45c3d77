using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.ServiceDefaults.Kafka;

/// <summary>What must be true when it is over, asked of the broker, the store and the model, and not of the pipeline.</summary>
internal sealed class Verdict(ChaosPipeline pipeline)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public async Task ReachAsync(int images, HashSet<TopicPartitionOffset> bad)
    {
        await CheckLagAsync();
        CheckImages(images, bad);
        CheckDeadLetters(bad);
        await CheckPredictionsAsync(images);
    }

    private void Expect(bool isTrue, string what)
    {
        Console.WriteLine($"  {(isTrue ? "ok  " : "FAIL")} {what}");
        if (!isTrue)
        {
            _problems.Add(what);
        }
    }

    private async Task CheckLagAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = pipeline.BootstrapServers }).Build();
        var deadline = DateTime.UtcNow + Limit;
        long lag;
        do
        {
            lag = await LagAsync(admin, Topics.InferenceGroup, Topics.ImageData)
                + await LagAsync(admin, Topics.DbConsumerGroup, Topics.ImageData) + await LagAsync(admin, Topics.DbConsumerGroup, Topics.InferenceResults);
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
        while (lag > 0 && DateTime.UtcNow < deadline);
        Expect(lag == 0, string.Create(CultureInfo.InvariantCulture, $"every offset is committed: lag {lag}"));
    }

    private static async Task<long> LagAsync(IAdminClient admin, string group, string topic)
    {
        var partitions = admin.GetMetadata(topic, Limit).Topics[0].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)).ToList();
        var ends = await admin.ListOffsetsAsync(partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }));
        var committed = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, partitions)]);
        var done = committed[0].Partitions.ToDictionary(offset => offset.TopicPartition, offset => Math.Max(0, offset.Offset.Value));
        return ends.ResultInfos.Sum(end => end.TopicPartitionOffsetError.Offset.Value - done[end.TopicPartitionOffsetError.TopicPartition]);
    }

    private void CheckImages(int images, HashSet<TopicPartitionOffset> bad)
    {
        var sent = new HashSet<string>();
        var count = 0;
        foreach (var record in ReadAll(Topics.ImageData).Where(record => !bad.Contains(record.TopicPartitionOffset)))
        {
            count++;
            sent.Add(record.Message.Headers.Text(ImageHeaders.ImageId) ?? "");
        }
        Expect(count == images && sent.Count == images,
            string.Create(CultureInfo.InvariantCulture, $"each image is on the topic once: {count:N0} records, {sent.Count:N0} ids of {images:N0}"));
        var stored = pipeline.Images.Find(FilterDefinition<BsonDocument>.Empty).Project(Builders<BsonDocument>.Projection.Include("_id"))
            .ToEnumerable().Select(document => document["_id"].AsString).ToHashSet();
        Expect(stored.SetEquals(sent), string.Create(CultureInfo.InvariantCulture, $"each image is stored once, and nothing else: {stored.Count:N0} documents"));
    }

    private void CheckDeadLetters(HashSet<TopicPartitionOffset> bad)
    {
        var letters = ReadAll(Topics.ImageDataDeadLetters).Select(letter => DeadLetterOrigin.Read(letter.Message.Headers)!.Value)
            .Select(origin => new TopicPartitionOffset(origin.Topic, origin.Partition, origin.Offset)).ToList();
        Expect(letters.Count == bad.Count && bad.SetEquals(letters), string.Create(CultureInfo.InvariantCulture,
            $"each of {bad.Count} bad records is in the dead letters once, and nothing else: {letters.Count} letters, {letters.Count - letters.Distinct().Count()} of them again"));
    }

    /// <summary>Classifies what is stored, and compares with what is stored beside it.</summary>
    private async Task CheckPredictionsAsync(int images)
    {
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions()));
        using var runner = classifier.CreateRunner();
        var (right, batch) = (0, new List<BsonDocument>());
        await pipeline.Images.Find(FilterDefinition<BsonDocument>.Empty).ForEachAsync(document =>
        {
            batch.Add(document);
            if (batch.Count == classifier.MaxBatch)
            {
                right += CountRight(runner, batch);
                batch.Clear();
            }
        });
        right += CountRight(runner, batch);
        Expect(right == images, string.Create(CultureInfo.InvariantCulture, $"each has the prediction of its own pixels: {right:N0} of {images:N0}"));
    }

    private static int CountRight(ImageClassifier.Runner runner, List<BsonDocument> documents)
    {
        if (documents.Count == 0)
        {
            return 0;
        }
        for (var i = 0; i < documents.Count; i++)
        {
            documents[i]["Image"]["Data"].AsByteArray.CopyTo(runner.Pixels(i));
        }
        var probabilities = runner.Run(documents.Count);
        var right = 0;
        for (var i = 0; i < documents.Count; i++)
        {
            var best = Prediction.IndexOfMax(probabilities.Slice(i * Labels.All.Count, Labels.All.Count));
            right += documents[i].TryGetValue("InferredValue", out var inferred) && inferred == Labels.All[best] ? 1 : 0;
        }
        return right;
    }

    private IEnumerable<ConsumeResult<byte[], byte[]>> ReadAll(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = pipeline.BootstrapServers, GroupId = "chaos", EnableAutoCommit = false, EnablePartitionEof = true }).Build();
        var partitions = consumer.Partitions(topic);
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        for (var ends = 0; ends < partitions.Count;)
        {
            var record = consumer.Consume(Limit) ?? throw new TimeoutException($"{topic} gave nothing within {Limit}.");
            if (record.IsPartitionEOF)
            {
                ends++;
            }
            else
            {
                yield return record;
            }
        }
    }
}
