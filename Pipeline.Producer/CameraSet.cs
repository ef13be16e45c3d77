using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Producer.Sources;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Producer;

/// <summary>The cameras of a run: one a source, or as many simulated ones as were asked for.</summary>
internal sealed class CameraSet(
    IOptions<ProducerOptions> options, IProducer<byte[], byte[]> producer, ImageSender sender, SourceStates states, TopicOptions topics,
    TimeProvider time,
    ILogger<CameraSet> log, ILogger<SourceWorker> sourceLog)
{
    private readonly IReadOnlyList<string> _names = options.Value.CameraNames();
    private readonly IReadOnlyList<SourceSpec> _sources = options.Value.Sources();
    private readonly FolderLabels _labels = FolderLabels.Of(options.Value.Model);
    private ILookup<SourceKind, Cifar10> _pictures = Array.Empty<Cifar10>().ToLookup(_ => default(SourceKind));

    public int Count => _names.Count;

    /// <summary>Reads the pictures of simulated cameras.</summary>
    /// <exception cref="StartupException">They are not there.</exception>
    public void Load()
    {
        var simulated = _sources.Count > 0 ? _sources.Select(source => source.Kind) : Enumerable.Repeat(SourceKind.Cifar10, _names.Count);
        _pictures = simulated.Distinct().Where(IsSimulated).ToLookup(kind => kind, LoadPictures);
        foreach (var source in _sources)
        {
            log.Source(source.Shown);
        }
    }

    /// <summary>The cameras, each as what runs it: from the instant when its first picture is due, until its last is handed over.</summary>
    public async Task<IEnumerable<Func<DateTimeOffset, CancellationToken, Task>>> OpenAsync(Shutter shutter, CancellationToken stoppingToken)
    {
        var settings = options.Value with { Producers = Count };
        var known = await producer.PartitionsAsync(topics.Images, stoppingToken);
        var partitions = known.Count > 0 ? known : [new TopicPartition(topics.Images, 0)];
        return Enumerable.Range(0, Count).Select(index => Open(index, partitions, settings, shutter));
    }

    private Func<DateTimeOffset, CancellationToken, Task> Open(
        int index, IReadOnlyList<TopicPartition> partitions, ProducerOptions settings, Shutter shutter)
    {
        var (name, source) = (_names[index], _sources.Count > 0 ? _sources[index] : null);
        if (_pictures[source?.Kind ?? SourceKind.Cifar10].SingleOrDefault() is { } pictures)
        {
            return new CameraWorker(name, index, partitions, settings, pictures, sender, shutter, time).RunAsync;
        }

        var partition = partitions[CameraWorker.PartitionOf(index, Count, partitions.Count)];
        var worker = new SourceWorker(
            source!, SourceTable.Of(source!, _labels), new Pace(settings.Rate, shutter, time), settings.Images, partition, sender, states, time,
            sourceLog);
        return (_, stoppingToken) => worker.RunAsync(stoppingToken);
    }

    private static bool IsSimulated(SourceKind kind) => kind is SourceKind.Cifar10 or SourceKind.WholeCifar10;

    private Cifar10 LoadPictures(SourceKind kind)
    {
        var pictures = Cifar10.Load(kind == SourceKind.WholeCifar10 ? Cifar10Folders.Fetched : options.Value.Dataset ?? Cifar10Folders.Sample);
        var shown = Pictures.Describe(pictures.Count);
        log.PicturesLoaded(shown);
        return pictures;
    }
}
