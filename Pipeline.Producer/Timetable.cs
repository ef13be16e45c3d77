using Pipeline.Contracts.Options;

namespace Pipeline.Producer;

/// <summary>When the images of one camera are due, fixed before the first is taken. The same seed gives the same timetable.</summary>
/// <param name="options">Their rate must be above 0.</param>
/// <param name="index">0 for camera-1.</param>
/// <param name="seed">For gaps at random.</param>
internal sealed class Timetable(ProducerOptions options, int index, int seed)
{
    private readonly Random _random = new(seed);
    private readonly double _lag = options.Arrival == Arrival.Uniform ? (double)index / options.Producers : 0;
    private long _number;
    private double _gaps;

    /// <summary>From the start of the run until the next image is due.</summary>
    public TimeSpan Next() => TimeSpan.FromSeconds((options.Arrival == Arrival.Poisson ? NextAtRandom() : _number++ + _lag) / options.Rate);

    private double NextAtRandom() => _gaps -= Math.Log(1 - _random.NextDouble());
}
