using System.Runtime.ExceptionServices;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Inference;

/// <summary>
/// Classifies captured images and publishes the results. There is one runner a core; they take their batches in turn, and
/// acknowledgements come in meanwhile: at full load every core runs the model, and when idle one image is answered at once, by the
/// thread that took it.
/// At least once: offsets are stored only after results and dead letters are acknowledged, so a crash repeats work and
/// never loses it. Repeats are harmless because everything downstream is keyed by image id, and dead letters by their record.
/// </summary>
internal sealed class ImageWorker : BackgroundService
{
    /// <summary>Batches that wait for acknowledgements while the model runs on; bounds what a crash repeats.</summary>
    private const int MaxOpenBatches = 256;

    // Leaves the client time to say goodbye within what a service may take to stop.
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(5);

    private readonly BatchConsumer _images;
    private readonly CurrentModel _model;
    private readonly ResultPublisher _results;
    private readonly DeadLetters _deadLetters;
    private readonly ImageSpans _spans;
    private readonly InferenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly string _topic;
    private readonly OffsetTracker _offsets;
    private readonly Lock _turn = new();
    private readonly int _runnerCount;
    private readonly bool _writesLetters;
    private readonly ImageShare _share;
    private readonly ILogger<ImageWorker> _log;

    /// <summary>Ends everything when one part fails; the exception is kept and thrown at the end.</summary>
    private readonly CancellationTokenSource _failed = new();
    private Exception? _failure;

    private int _wanted = ImageClassifier.SmallBatch;

    public ImageWorker(
        BatchConsumer images, CurrentModel model, ResultPublisher results, DeadLetters deadLetters, ImageSpans spans, InferenceMetrics metrics,
        TimeProvider time, TopicOptions topics, IOptions<ModelOptions> options, IOptions<ReplayOptions> replay,
        IOptions<ShadowOptions> shadow, ILogger<ImageWorker> log)
    {
        (_images, _model, _results, _deadLetters, _log) = (images, model, results, deadLetters, log);
        (_spans, _metrics, _time, _topic) = (spans, metrics, time, topics.Images);
        _runnerCount = options.Value.RunnerCount;
        _share = new ImageShare(shadow.Value.Share ?? 1);
        _writesLetters = replay.Value.From is null && shadow.Value.Share is null;       // others wrote those of their records long ago, or do
        _offsets = new OffsetTracker(images, MaxOpenBatches);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _failed.Token);
        await _results.OpenAsync(ending.Token);
        // Threads of their own: runners block, the pool is for what does not.
        _images.Subscribe(_topic);
        await Task.WhenAll(Enumerable.Range(0, _runnerCount).Select(_ => OnThread(() => Classify(ending.Token))));

        await DrainAsync();
        _images.Close();                                     // commit, and leave the group without a timeout
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        _log.Stopped();
    }

    /// <summary>One runner: batch after batch, until told to stop; it finishes what it has taken.</summary>
    private void Classify(CancellationToken ending)
    {
        using var seat = _model.CreateSeat();
        var readable = new List<(CapturedImage Image, Received Source)>(seat.Classifier.MaxBatch);
        while (true)
        {
            var batch = Take(ending);
            seat.Renew();
            _metrics.MoveWaiting(batch.Taken.Records.Count);
            foreach (var received in batch.Taken.Records)
            {
                if (Read(received).IsRead(out var message, out var problem) && (message is GivenTruth || !_share.Has(message.Id)))
                {
                    Finish(batch);                                   // there is nothing to see on a truth, which db-consumer takes
                }
                else if (message is CapturedImage image && seat.Decoder.TryDecode(image.Picture, seat.Runner.Pixels(readable.Count), out problem))
                {
                    readable.Add((image, received));
                    if (readable.Count == seat.Classifier.MaxBatch)          // taken for a model with a larger batch
                    {
                        ClassifyAndSend(seat, readable, batch);
                    }
                }
                else
                {
                    _ = RejectAsync(batch, received, problem!);      // watches itself: see there
                }
            }
            _metrics.MoveWaiting(-batch.Taken.Records.Count);
            if (readable.Count > 0)
            {
                ClassifyAndSend(seat, readable, batch);
            }
        }
    }

    /// <summary>
    /// One runner at a time waits for images; the others classify, or wait for their turn. A few that wait are shared by all runners; as long as
    /// more do, each takes twice as many: the results of a batch travel together, and a request costs broker and readers as much as several images
    /// (bench: pipeline; 64 in place of 8 give 6 % more images a second).
    /// </summary>
    private OpenBatch Take(CancellationToken ending)
    {
        lock (_turn)
        {
            var most = Math.Min(_wanted, _model.Classifier.MaxBatch);
            var batch = _offsets.Open(() => _images.Take(most, ending), ending);
            _wanted = batch.Taken.Records.Count < most ? ImageClassifier.SmallBatch : Math.Max(ImageClassifier.SmallBatch, 2 * most);
            return batch;
        }
    }

    private static Parsed<ImageMessage> Read(Received received) => received.Unreadable is { } unreadable
        ? unreadable
        : ImageMessage.Parse(received.Record.Message.Value, received.Record.ContentType(), received.Time());

    private void ClassifyAndSend(Seat seat, List<(CapturedImage Image, Received Source)> readable, OpenBatch batch)
    {
        var startedAt = _time.GetUtcNow();
        var span = batch.Taken.Start(TelemetryNames.InferBatch, startedAt);
        var probabilities = seat.Runner.Run(readable.Count);
        var run = new ModelRun(seat.Classifier, startedAt, _time.GetUtcNow(), readable.Count, span);
        _metrics.Record(run);

        var classes = seat.Classifier.Labels.Count;
        for (var i = 0; i < readable.Count; i++)
        {
            var (image, source) = readable[i];
            try
            {
                _results.Send(image, source, probabilities.Slice(i * classes, classes), run, error => Acknowledge(batch, source, error));
            }
            catch (KafkaException refused) when (refused.Error.IsOfTheRecord())
            {
                Acknowledge(batch, source, refused.Error);
            }
        }
        readable.Clear();
        span?.SetTag(TelemetryNames.BatchSize, run.BatchSize).SetTag(TelemetryNames.ModelName, seat.Classifier.ModelName).End(run.EndedAt);
    }

    private void Acknowledge(OpenBatch batch, Received source, Error error)
    {
        if (error.IsOfTheRecord())
        {
            _ = RejectAsync(batch, source, new Problem(ProblemKind.Refused, $"Kafka does not take its result: {error.Reason}"));
            return;
        }
        if (error.IsError)
        {
            Fail(new StartupException($"Kafka did not take a result ({error.Reason}).", "Look at the broker; the images are read again after a restart."));
            return;                                          // stays open, so its offset is never stored
        }
        _metrics.CountPredicted();
        Finish(batch);
    }

    /// <summary>The record's way out when it cannot be read. Ends in the tracker or in <see cref="Fail"/>, never in silence.</summary>
    private async Task RejectAsync(OpenBatch batch, Received received, Problem problem)
    {
        using var process = _spans.Start(received);
        process?.Fail(problem.Kind.ToString(), problem.Text);
        try
        {
            if (_writesLetters)
            {
                await _deadLetters.SendAsync(received.Record, problem, _failed.Token);
            }

            _spans.Processing.Record(received.At, _time.GetUtcNow(), errorType: problem.Kind.ToString());
            Finish(batch);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private void Finish(OpenBatch batch)
    {
        try
        {
            _offsets.Finish(batch);
        }
        catch (KafkaException failure)
        {
            Fail(failure);                                   // the client's thread, on which this runs, would swallow it
        }
    }

    private void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            _failed.Cancel();
        }
    }

    /// <summary>Waits for the acknowledgements of what is open, unless something has failed.</summary>
    private async Task DrainAsync()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(_failed.Token);
        giveUp.CancelAfter(DrainWithin);
        try
        {
            await _offsets.DrainAsync(giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            _log.NotDrained();
        }
    }

    /// <summary>Runs to the end on a thread of its own; being told to stop is no failure, anything else ends the worker.</summary>
    private Task OnThread(Action work) => Task.Factory.StartNew(() =>
    {
        try
        {
            work();
        }
        catch (OperationCanceledException) { }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public override void Dispose()
    {
        _failed.Dispose();
        _offsets.Dispose();
        base.Dispose();
    }
}
