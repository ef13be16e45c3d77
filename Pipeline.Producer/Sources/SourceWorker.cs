using System.Security.Authentication;
using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Pixels;
using Polly;
using Polly.Retry;

namespace Pipeline.Producer.Sources;

/// <summary>
/// One camera whose pictures come from a source: sends them as they are, passes over what is none, and waits for a source that is away.
/// </summary>
/// <param name="images">How many pictures it sends; 0: endless.</param>
internal sealed class SourceWorker(
    SourceSpec spec, IPictureSource source, Pace pace, long images, TopicPartition partition, ImageSender sender, SourceStates states,
    TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A camera of which nothing can be sent is as good as away.</summary>
    private const int MaxUnusableInARow = 10;

    /// <summary>Names that are told as passed over; a folder of a million texts is not told whole.</summary>
    private const int MaxTold = 100;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(spec.Name);
    private readonly HashSet<string> _told = [];
    private long _sent;
    private int _unusableInARow;

    /// <summary>Sends its pictures; returns when the last is handed over (not yet acknowledged).</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SourceAwayException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            OnRetry = args =>
            {
                TellAway(args.Outcome.Exception!);
                return ValueTask.CompletedTask;
            },
        }).Build();
        while (!IsDone)
        {
            await retry.ExecuteAsync(ReadAsync, stoppingToken);
        }
    }

    private bool IsDone => images > 0 && _sent == images;

    /// <summary>Once through the source. Where pictures came before it went away, the pauses begin anew with the shortest.</summary>
    private async ValueTask ReadAsync(CancellationToken stoppingToken)
    {
        var before = _sent;
        try
        {
            await using var frames = source.ReadAsync(pace, stoppingToken).GetAsyncEnumerator(stoppingToken);
            while (await NextAsync(frames, stoppingToken))
            {
                await TakeAsync(frames.Current, stoppingToken);
                if (IsDone)
                {
                    return;
                }
            }

            if (_sent == before)
            {
                throw new SourceAwayException($"it holds no picture that can be sent; put {Picture.Readable} there");
            }
        }
        catch (SourceAwayException away) when (_sent > before)
        {
            TellAway(away);
            await Task.Delay(FirstPause, time, stoppingToken);
        }
    }

    /// <summary>
    /// Whatever goes wrong while it is read is the source's and may pass, also what nobody foresaw of a stranger's bytes: the other cameras go on.
    /// </summary>
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<Frame> frames, CancellationToken stoppingToken)
    {
        try
        {
            return await frames.MoveNextAsync();
        }
        catch (Exception failure) when (failure is not SourceAwayException && !stoppingToken.IsCancellationRequested)
        {
            throw new SourceAwayException(InWords(failure), failure);
        }
    }

    private static string InWords(Exception failure) => failure switch
    {
        HttpRequestException { InnerException: AuthenticationException untrusted } =>
            $"{untrusted.Message} Ask it over http://, or have this machine trust its certificate.",
        HttpRequestException or IOException or InvalidDataException or TimeoutException or UnauthorizedAccessException => failure.Message,
        _ => $"reading it failed: {failure.GetType().Name}: {failure.Message}",
    };

    private async ValueTask TakeAsync(Frame frame, CancellationToken stoppingToken)
    {
        if (!frame.Picture.IsRead(out var picture, out var problem))
        {
            PassOver(frame.Name ?? "a picture", problem);
            _unusableInARow = frame.Name is null ? _unusableInARow + 1 : 0;
            if (_unusableInARow == MaxUnusableInARow)
            {
                _unusableInARow = 0;
                throw new SourceAwayException($"nothing that it shows can be sent: {problem.Text}");
            }

            return;
        }

        var capturedAt = time.GetUtcNow();
        var image = CapturedImage.Of(Guid.CreateVersion7(capturedAt).ToString(), spec.Name, frame.Truth, capturedAt, picture);
        await sender.SendAsync(partition, _key, image, frame.DueAt ?? capturedAt, stoppingToken);
        _sent++;
        _unusableInARow = 0;
        if (states.Clear(spec.Name))
        {
            log.SourceBack(spec.Shown);
        }
    }

    private void PassOver(string name, Problem problem)
    {
        var (shown, why) = (Words.OfStrangers(name), Words.OfStrangers(problem.Text));
        if (_told.Count < MaxTold && _told.Add($"{shown}: {why}"))
        {
            log.PassedOver(spec.Shown, shown, why);
        }
    }

    private void TellAway(Exception away)
    {
        var why = Words.OfStrangers(away.Message);
        if (states.Tell(spec.Name, why))
        {
            log.SourceAway(spec.Shown, why);
        }
    }
}
