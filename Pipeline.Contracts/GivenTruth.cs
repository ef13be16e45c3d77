namespace Pipeline.Contracts;

/// <summary>
/// What a picture shows, said after it was sent: by a person who has looked at it, or by whatever else knows better than its camera.
/// </summary>
public sealed record GivenTruth : ImageMessage
{
    /// <summary>A label.</summary>
    public required string Label { get; init; }

    /// <summary>Who says so; the sender of the message, where it names nobody else.</summary>
    public required string By { get; init; }

    /// <summary>When it was said: of several truths of an image the last one counts, in whatever order they come.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What all ways of saying it have in common.</summary>
    public static Parsed<GivenTruth> Of(string id, string? label, string? by, DateTimeOffset at)
    {
        if (Ids.Check("image id", id) is { } badId)
        {
            return badId;
        }

        if (OptionalTruth.Read(label, out var read) is { } badLabel)
        {
            return badLabel;
        }

        if (read is null)
        {
            return new Problem(ProblemKind.MissingField, "the truth is missing: a label");
        }

        by = string.IsNullOrWhiteSpace(by) ? CapturedImage.UnknownProducer : by.Trim();
        return Ids.Check("name of who says so", by) is { } badName ? badName : new GivenTruth { Id = id, Label = read, By = by, At = at };
    }

    internal static Parsed<ImageMessage> Check(string id, string producer, string label, string? by, DateTimeOffset at) =>
        Of(id, label, string.IsNullOrWhiteSpace(by) ? producer : by, at).IsRead(out var truth, out var problem) ? truth : problem;
}
