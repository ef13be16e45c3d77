using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>One stored image as page and API tell it: everything but the pixels.</summary>
/// <param name="InferredValue">Null until inferred.</param>
/// <param name="CapturedAt">By the camera's clock; when it came, where that clock cannot be believed.</param>
/// <param name="ClaimedCapturedAt">What the camera says, where it cannot be believed; else null.</param>
/// <param name="IsCorrect">Null until inferred.</param>
/// <param name="Confidence">0..1; null where the prediction does not say.</param>
/// <param name="HasImage">False while only the prediction has arrived.</param>
/// <param name="Probabilities">Ten, in label order; null where the prediction does not say.</param>
internal sealed record ImageRow(
    string Id, string ProducerId, string GroundTruth, string? InferredValue, bool? IsCorrect, double? Confidence, string? Model,
    DateTime? CapturedAt, DateTime? ClaimedCapturedAt, DateTime? InferredAt, DateTime? StoredAt, bool HasImage,
    IReadOnlyList<double>? Probabilities = null)
{
    public static ImageRow Of(StoredImage image) => new(
        image.Id ?? "", image.ProducerId ?? StoredImage.Unknown, image.GroundTruth ?? StoredImage.Unknown, image.InferredValue, image.IsCorrect, image.Confidence,
        image.Model, image.CapturedAt, image.ClaimedCapturedAt, image.InferredAt, image.StoredAt, image.Image is not null, image.Probabilities);
}
