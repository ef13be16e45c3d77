using Pipeline.Latency.Traces;

namespace Pipeline.Latency.Results;

/// <summary>How far inference's clock is ahead of the producer's, from the four stamps of the echo, as NTP does it.</summary>
/// <param name="Nanoseconds">θ = ((r−p)+(q−g))/2 of the shortest round trip.</param>
/// <param name="BoundNanoseconds">Half of that round trip: the error of θ at most.</param>
internal readonly record struct ClockOffset(double Nanoseconds, double BoundNanoseconds)
{
    /// <summary>Clocks drift: an offset is taken anew this often, from the shortest round trip of each.</summary>
    private const long WindowNanoseconds = 10_000_000_000;

    /// <summary>Null when the producer reads no echo.</summary>
    public static ClockOffset? Estimate(IEnumerable<Sample> samples)
    {
        ClockOffset? best = null;
        foreach (var sample in samples)
        {
            if (Of(sample) is { BoundNanoseconds: > 0 } offset && !(best?.BoundNanoseconds <= offset.BoundNanoseconds))
            {
                best = offset;
            }
        }

        return best;
    }

    /// <summary>Puts inference's stamps on the producer's clock, window by window and camera by camera.</summary>
    /// <remarks>A camera keeps its partition, and a partition its replica: so a camera stands for a pair of processes.</remarks>
    public static void Correct(IEnumerable<Sample> samples)
    {
        foreach (var window in samples.GroupBy(sample => (sample.ProducerId, sample[Stamp.Scheduled] / WindowNanoseconds)))
        {
            if (Estimate(window) is not { } offset)
            {
                continue;
            }

            foreach (var sample in window)
            {
                foreach (var stamp in (Stamp[])[Stamp.Received, Stamp.BatchStarted, Stamp.ModelDone, Stamp.PredictionPublished])
                {
                    sample[stamp] -= (long)Math.Round(offset.Nanoseconds);
                }
            }
        }
    }

    private static ClockOffset? Of(Sample sample) =>
        sample.Between(Stamp.Published, Stamp.Received) is { } there && sample.Between(Stamp.PredictionPublished, Stamp.Echoed) is { } back
            ? new ClockOffset((there - back) / 2.0, (there + back) / 2.0)
            : null;
}
