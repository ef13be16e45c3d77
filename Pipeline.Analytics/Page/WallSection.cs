namespace Pipeline.Analytics.Page;

/// <summary>The latest pictures: what each shows, what the model says, and how sure it is.</summary>
internal static class WallSection
{
    public static Html Render(Snapshot snapshot) => snapshot.Wall.Count == 0
        ? Shown.Empty(snapshot.Figures.Overall.Stored + snapshot.Figures.Earlier == 0
            ? "No images yet. They appear here as soon as the first is stored."
            : "The latest images have no pictures any more: they have been kept as long as Keep:Images says.")
        : Html.Of($"""
            <ul class="images">{Html.Each(snapshot.Wall, image => Picture(image, snapshot.At))}</ul>
            """);

    private static Html Picture(ImageRow image, DateTimeOffset now)
    {
        var (kind, verdict) = image switch
        {
            { InferredValue: null } => ("pending", Html.Of($"… not yet")),
            { IsCorrect: true } => ("right", Html.Of($"✓ {image.InferredValue}")),
            { IsCorrect: false } => ("wrong", Html.Of($"✗ {image.InferredValue}")),
            _ => ("unknown", Html.Of($"? {image.InferredValue}")),
        };
        return Html.Of($"""
            <li class="{kind}" data-key="{image.Id}" data-label="{image.GroundTruth ?? image.InferredValue}"><a href="{ImageAddress.Of(image.Id)}">
            <span class="picture"><img src="{ImageAddress.OfPicture(image.Id)}" alt="{image.GroundTruth ?? "picture of nobody knows what"}" width="32" height="32">{(image.IsCorrect is true || image.GroundTruth is null ? default : Html.Of($"""<span class="truth">is {image.GroundTruth}</span>"""))}</span>
            <span class="labels"><b class="verdict">{verdict}</b> <span class="confidence">{Confidence(image.Confidence)}</span></span>
            {Shown.Bar(image.Confidence, kind)}
            <span class="by">{image.ProducerId} · {Age(image.StoredAt, now)}</span></a>
            <div class="about">{Probabilities(image)}</div></li>

            """);
    }

    private static Html Confidence(double? confidence) => confidence is { } value ? Html.Of($"{100 * value:0}%") : default;

    private static string Age(DateTime? storedAt, DateTimeOffset now) => storedAt is { } at ? Shown.Age(now.UtcDateTime - at) : "age unknown";

    private static Html Probabilities(ImageRow image) => image is not { Probabilities: { } probabilities, Labels: { } labels } ? default : Html.Of($"""
        <div class="probabilities">{Html.Each(labels.Zip(probabilities), row => Html.Of(
            $"""<span{(row.First == image.GroundTruth ? Html.Of($""" class="is-truth" """) : default)}><b title="{row.First}">{row.First}</b> <meter value="{row.Second:0.###}"></meter> {100 * row.Second:0}%</span>"""))}</div>
        """);
}
