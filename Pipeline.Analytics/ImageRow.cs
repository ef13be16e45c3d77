using Pipeline.Contracts;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>One stored image as page and API tell it: everything but the pixels.</summary>
/// <param name="GroundTruth">Null while nobody has said.</param>
/// <param name="InferredValue">Null until inferred.</param>
/// <param name="CapturedAt">By the camera's clock; when it came, where that clock cannot be believed.</param>
/// <param name="ClaimedCapturedAt">What the camera says, where it cannot be believed; else null.</param>
/// <param name="IsCorrect">Null until inferred, and while nobody has said what is right.</param>
/// <param name="Confidence">0..1; null where the prediction does not say.</param>
/// <param name="HasImage">False while only the prediction has arrived, and when the picture has been kept long enough.</param>
/// <param name="Probabilities">One for each of the labels; null where the prediction does not say.</param>
/// <param name="Labels">What the probabilities are of; null where there are none.</param>
/// <param name="TruthBy">Who gave the truth later; null where it came with the image. So is the next.</param>
/// <param name="Shadow">What a second model said; null where none did.</param>
internal sealed record ImageRow(
    string Id, string ProducerId, string? GroundTruth, string? InferredValue, bool? IsCorrect, double? Confidence, string? Model,
    DateTime? CapturedAt, DateTime? ClaimedCapturedAt, DateTime? InferredAt, DateTime? StoredAt, bool HasImage,
    IReadOnlyList<double>? Probabilities = null, IReadOnlyList<string>? Labels = null, string? TruthBy = null, DateTime? TruthAt = null,
    ShadowPrediction? Shadow = null)
{
    public static ImageRow Of(StoredImage image)
    {
        var labels = image.Labels ?? Contracts.Labels.All;
        var hasProbabilities = image.Probabilities?.Length == labels.Count;      // others may have written them
        return new(
            image.Id ?? "", image.ProducerId ?? StoredImage.Unknown, image.GroundTruth, image.InferredValue, image.IsCorrect, image.Confidence,
            image.Model, image.CapturedAt, image.ClaimedCapturedAt, image.InferredAt, image.StoredAt, image.Image is { RemovedAt: null },
            hasProbabilities ? image.Probabilities : null, hasProbabilities ? labels : null, image.TruthBy, image.TruthAt,
            image.Shadow is { } shadow ? new(shadow.InferredValue, shadow.Confidence, shadow.Model, shadow.InferredAt) : null);
    }
}

/// <summary>What a second model said in the shadow of the first.</summary>
internal sealed record ShadowPrediction(string? InferredValue, double? Confidence, string? Model, DateTime? InferredAt);
