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
            .Select(_ => new Seat(classifier.CreateRunner(), classifier.CreateDecoder()))];
    }

    /// <summary>Runs the model on its own tensor, as many images at once as it takes, when their turn comes.</summary>
    /// <param name="tensor">The input's elements, one image after the other.</param>
    /// <param name="cancellationToken">Whoever asked has gone.</param>
    /// <returns>The model's output, a row an image; null when too many wait already.</returns>
    public async Task<float[]?> RunAsync(ReadOnlyMemory<byte> tensor, CancellationToken cancellationToken) =>
        await InTurnAsync<float[]>(seat => Run(seat.Runner, tensor.Span, cancellationToken), cancellationToken) is { } answered && answered.IsRead(out var rows, out _)
            ? rows
            : null;

    /// <summary>Decodes a picture and classifies it, when its turn comes.</summary>
    /// <param name="picture">Of any kind.</param>
    /// <param name="cancellationToken">Whoever asked has gone.</param>
    /// <returns>What it shows, or why it cannot be decoded; null when too many wait already.</returns>
    public Task<Parsed<Prediction>?> RunAsync(Picture picture, CancellationToken cancellationToken) => InTurnAsync<Prediction>(
        seat =>
        {
            if (!seat.Decoder.TryDecode(picture, seat.Runner.Pixels(0), out var broken))
            {
                return broken;
            }

            var startedAt = _time.GetUtcNow();
            var probabilities = seat.Runner.Run(1);
            _metrics.Record(new ModelRun(startedAt, _time.GetUtcNow(), 1, Span: null));
            return Prediction.Of(_classifier.Labels, probabilities);
        },
        cancellationToken);

    private async Task<Parsed<T>?> InTurnAsync<T>(Func<Seat, Parsed<T>> run, CancellationToken cancellationToken) where T : class
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

    private float[] Run(ImageClassifier.Runner runner, ReadOnlySpan<byte> tensor, CancellationToken cancellationToken)
    {
        var bytesOfOne = runner.Tensor(0).Length;
        var (images, classes) = (tensor.Length / bytesOfOne, _classifier.Labels.Count);
        var rows = new float[images * classes];
        for (var first = 0; first < images; first += _classifier.MaxBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_classifier.MaxBatch, images - first);
            for (var i = 0; i < count; i++)
            {
                tensor.Slice((first + i) * bytesOfOne, bytesOfOne).CopyTo(runner.Tensor(i));
            }

            var startedAt = _time.GetUtcNow();
            runner.RunTensor(count).CopyTo(rows.AsSpan(first * classes));
            _metrics.Record(new ModelRun(startedAt, _time.GetUtcNow(), count, Span: null));
        }
        return rows;
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
