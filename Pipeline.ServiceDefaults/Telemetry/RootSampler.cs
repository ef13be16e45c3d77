using OpenTelemetry.Trace;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// What may begin a trace: an image, a batch, a request, but not the database's driver. Its spans within one of them are
/// recorded; those of a timer's queries would fill the list of traces. (Of its connections it makes none.)
/// </summary>
/// <remarks>Which images are traced is decided before this is asked: <see cref="TraceSampling"/>.</remarks>
internal sealed class RootSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters root)
    {
        foreach (var attribute in root.Tags ?? [])
        {
            if (attribute.Key == TelemetryNames.DbSystem)
            {
                return new(SamplingDecision.Drop);
            }
        }
        return new(SamplingDecision.RecordAndSample);
    }
}
