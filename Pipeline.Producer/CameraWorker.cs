using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Producer;

/// <summary>One simulated device: pace, capture, send.</summary>
/// <remarks>
/// Open loop: an image is due when the timetable says, whatever became of those before it, and its latency counts from that instant.
/// So a slow system shows as latency and not as a camera that politely waits; a camera that is late itself shows as schedule lag.
/// </remarks>
internal sealed class CameraWorker
{
    private readonly ProducerOptions _options;
    private readonly Cifar10 _pictures;
    private readonly ImageSender _sender;
    private readonly Shutter _shutter;
    private readonly TimeProvider _time;
    private readonly SensorNoise _noise;
    private readonly Timetable _timetable;
    private readonly TopicPartition _partition;
    private readonly string _id;
    private readonly byte[] _key;
    private readonly int _index;

    /// <param name="id">The camera's.</param>
    /// <param name="index">0 for the first one.</param>
    /// <param name="partitions">Of the topic; at least one.</param>
    public CameraWorker(
        string id, int index, IReadOnlyList<TopicPartition> partitions, ProducerOptions options, Cifar10 pictures, ImageSender sender,
        Shutter shutter, TimeProvider time)
    {
        (_index, _options, _pictures, _sender, _shutter, _time) = (index, options, pictures, sender, shutter, time);
        _id = id;
        _key = Encoding.UTF8.GetBytes(_id);
        var seed = HashCode(options.Seed, index);
        _noise = new SensorNoise(options.Noise, seed);
        _timetable = new Timetable(options, index, seed);
        _partition = partitions[PartitionOf(index, options.Producers, partitions.Count)];
    }

    /// <summary>Sends its images; returns when the last is handed over (not yet acknowledged).</summary>
    /// <param name="start">When the first image of camera-1 is due.</param>
    /// <param name="stoppingToken">Ends an endless run.</param>
    public async Task RunAsync(DateTimeOffset start, CancellationToken stoppingToken)
    {
        // Each camera begins at another picture, so that short runs of several see different ones.
        var picture = (int)((long)_index * _pictures.Count / _options.Producers);
        var noisy = new byte[Rgb24.ImageBytes];              // written out before the next image is taken
        var pixels = new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, noisy);

        for (var sent = 0L; _options.Images == 0 || sent < _options.Images; sent++)
        {
            var scheduledAt = await WaitForShutterAsync(start, stoppingToken);
            var capturedAt = _options.Rate == 0 ? scheduledAt : _time.GetUtcNow();
            _noise.Add(_pictures.Pixels(picture), noisy);
            var image = CapturedImage.Of(Guid.CreateVersion7(capturedAt).ToString(), _id, _pictures.Label(picture), capturedAt, pixels);
            await _sender.SendAsync(_partition, _key, image, scheduledAt, stoppingToken);
            picture = picture + 1 == _pictures.Count ? 0 : picture + 1;
        }
    }

    /// <summary>Waits until the next image is due; that instant.</summary>
    private async Task<DateTimeOffset> WaitForShutterAsync(DateTimeOffset start, CancellationToken stoppingToken)
    {
        if (_options.Rate == 0)
        {
            return _time.GetUtcNow();
        }

        var due = start + _timetable.Next();
        await _shutter.WaitAsync(due, stoppingToken);
        return due;
    }

    /// <summary>
    /// The key is the camera's id, and the partition is chosen here all the same: hashing a handful of keys would leave
    /// some partitions with two cameras and others with none. Few cameras spread over the whole range, because a
    /// consumer is assigned a run of neighbours. A camera keeps its partition, so its images stay in order.
    /// </summary>
    internal static int PartitionOf(int index, int cameraCount, int partitionCount) =>
        cameraCount < partitionCount ? (int)((long)index * partitionCount / cameraCount) : index % partitionCount;

    // Not System.HashCode: that differs from process to process.
    private static int HashCode(int seed, int index) => unchecked(seed * 1_000_003 + index);
}
