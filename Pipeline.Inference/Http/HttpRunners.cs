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
    private static readonly Problem Replaced = new(ProblemKind.Refused, "the model has been replaced");

    private readonly CurrentModel _model;
    private readonly InferenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ConcurrencyLimiter _places;
    private readonly ConcurrentBag<Seat> _idle;

    public HttpRunners(CurrentModel model, InferenceMetrics metrics, TimeProvider time, IOptions<HttpOptions> options)
    {
        (_model, _metrics, _time) = (model, metrics, time);
        _places = new ConcurrencyLimiter(new() { PermitLimit = options.Value.RunnerCount, QueueLimit = options.Value.MaxWaiting });
        _idle = [.. Enumerable.Range(0, options.Value.RunnerCount).Select(_ => model.CreateSeat())];
        model.Replaced += RenewIdle;
    }

    /// <summary>Runs the model on its own tensor, as many images at once as it takes, when their turn comes.</summary>
    /// <param name="model">Whose input it is.</param>
    /// <param name="tensor">The input's elements, one image after the other.</param>
    /// <param name="cancellationToken">Whoever asked has gone.</param>
    /// <returns>The model's output, a row an image; null when too many wait already, or the model has just been replaced.</returns>
    public async Task<float[]?> RunAsync(ImageClassifier model, ReadOnlyMemory<byte> tensor, CancellationToken cancellationToken) =>
        await InTurnAsync<float[]>(seat => seat.Classifier == model ? Run(seat, tensor.Span, cancellationToken) : Replaced, cancellationToken)
            is { } answered && answered.IsRead(out var rows, out _)
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
            _metrics.Record(new ModelRun(seat.Classifier, startedAt, _time.GetUtcNow(), 1, Span: null));
            return Prediction.Of(seat.Classifier.Labels, probabilities);
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
            seat.Renew();
            return run(seat);
        }
        finally
        {
            _idle.Add(seat);
        }
    }

    private float[] Run(Seat seat, ReadOnlySpan<byte> tensor, CancellationToken cancellationToken)
    {
        var (runner, maxBatch) = (seat.Runner, seat.Classifier.MaxBatch);
        var bytesOfOne = runner.Tensor(0).Length;
        var (images, classes) = (tensor.Length / bytesOfOne, seat.Classifier.Labels.Count);
        var rows = new float[images * classes];
        for (var first = 0; first < images; first += maxBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(maxBatch, images - first);
            for (var i = 0; i < count; i++)
            {
                tensor.Slice((first + i) * bytesOfOne, bytesOfOne).CopyTo(runner.Tensor(i));
            }

            var startedAt = _time.GetUtcNow();
            runner.RunTensor(count).CopyTo(rows.AsSpan(first * classes));
            _metrics.Record(new ModelRun(seat.Classifier, startedAt, _time.GetUtcNow(), count, Span: null));
        }
        return rows;
    }

    /// <summary>Those that nobody uses would keep the model that was; the others change before their next run.</summary>
    private void RenewIdle()
    {
        var (places, seats) = (new List<RateLimitLease>(), new List<Seat>());
        while (_places.AttemptAcquire() is { IsAcquired: true } place)
        {
            places.Add(place);
            if (_idle.TryTake(out var seat))
            {
                seats.Add(seat);
            }
        }

        seats.ForEach(seat => seat.Renew());
        seats.ForEach(_idle.Add);
        places.ForEach(place => place.Dispose());
    }

    public void Dispose()
    {
        _model.Replaced -= RenewIdle;
        _places.Dispose();
        foreach (var seat in _idle)
        {
            seat.Dispose();
        }
    }
}
