using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Inference.Http;

/// <summary>
/// The model for who asks over HTTP. Runners of their own: no request waits behind Kafka's images, and no image behind requests;
/// they share the cores and nothing else.
/// </summary>
internal sealed class HttpRunners : IDisposable
{
    private readonly ImageClassifier _classifier;
    private readonly InferenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ConcurrencyLimiter _places;
    private readonly ConcurrentBag<Seat> _idle;

    public HttpRunners(ImageClassifier classifier, InferenceMetrics metrics, TimeProvider time, IOptions<HttpOptions> options)
    {
        (_classifier, _metrics, _time) = (classifier, metrics, time);
        _places = new ConcurrencyLimiter(new() { PermitLimit = options.Value.RunnerCount, QueueLimit = options.Value.MaxWaiting });
        _idle = [.. Enumerable.Range(0, options.Value.RunnerCount)
            .Select(_ => new Seat(classifier.CreateRunner(), new PictureDecoder(Rgb24.ImageWidth, Rgb24.ImageHeight)))];
    }

    /// <summary>Classifies images, as many at once as the model takes, when their turn comes.</summary>
    /// <param name="pixels">RGB24, one camera image after the other.</param>
    /// <param name="cancellationToken">Whoever asked has gone.</param>
    /// <returns>Ten probabilities an image, in label order; null when too many wait already.</returns>
    public async Task<float[]?> RunAsync(ReadOnlyMemory<byte> pixels, CancellationToken cancellationToken) =>
        await InTurnAsync(seat => Run(seat.Runner, pixels.Span, cancellationToken), cancellationToken) is { } answered && answered.IsRead(out var probabilities, out _)
            ? probabilities
            : null;

    /// <summary>Decodes a picture and classifies it, when its turn comes.</summary>
    /// <param name="picture">Of any kind.</param>
    /// <param name="cancellationToken">Whoever asked has gone.</param>
    /// <returns>Ten probabilities, in label order, or why it cannot be decoded; null when too many wait already.</returns>
    public Task<Parsed<float[]>?> RunAsync(Picture picture, CancellationToken cancellationToken) => InTurnAsync(
        seat =>
        {
            var pixels = new byte[Rgb24.ImageBytes];
            return seat.Decoder.TryDecode(picture, pixels, out var broken) ? Run(seat.Runner, pixels, cancellationToken) : broken;
        },
        cancellationToken);

    private async Task<Parsed<float[]>?> InTurnAsync(Func<Seat, Parsed<float[]>> run, CancellationToken cancellationToken)
    {
        using var place = await _places.AcquireAsync(1, cancellationToken);
        if (!place.IsAcquired || !_idle.TryTake(out var seat))
        {
            return null;
        }

        try
        {
            return run(seat);
        }
        finally
        {
            _idle.Add(seat);
        }
    }

    private float[] Run(ImageClassifier.Runner runner, ReadOnlySpan<byte> pixels, CancellationToken cancellationToken)
    {
        var images = pixels.Length / Rgb24.ImageBytes;
        var probabilities = new float[images * Labels.All.Count];
        for (var first = 0; first < images; first += _classifier.MaxBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_classifier.MaxBatch, images - first);
            for (var i = 0; i < count; i++)
            {
                pixels.Slice((first + i) * Rgb24.ImageBytes, Rgb24.ImageBytes).CopyTo(runner.Pixels(i));
            }

            var startedAt = _time.GetUtcNow();
            runner.Run(count).CopyTo(probabilities.AsSpan(first * Labels.All.Count));
            _metrics.Record(new ModelRun(startedAt, _time.GetUtcNow(), count, Span: null));
        }
        return probabilities;
    }

    public void Dispose()
    {
        _places.Dispose();
        foreach (var seat in _idle)
        {
            seat.Runner.Dispose();
            seat.Decoder.Dispose();
        }
    }

    /// <summary>What one request needs at a time.</summary>
    private sealed record Seat(ImageClassifier.Runner Runner, PictureDecoder Decoder);
}
