using System.Diagnostics;

namespace Pipeline.Inference;

/// <summary>One run of the model, which all images of its batch share: to each of them it took as long as the whole.</summary>
/// <param name="StartedAt">When the batch was whole.</param>
/// <param name="EndedAt">When the probabilities were there.</param>
/// <param name="BatchSize">Images.</param>
/// <param name="Span">The batch's span, null when nobody listens.</param>
/// <param name="Model">What ran.</param>
internal readonly record struct ModelRun(ImageClassifier Model, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int BatchSize, Activity? Span)
{
    public TimeSpan Duration => EndedAt - StartedAt;
}
