namespace Pipeline.Analytics.Page;

/// <summary>The model beside what runs in its shadow; nothing at all where nothing does.</summary>
internal static class ShadowSection
{
    public static Html Render(Snapshot snapshot) => snapshot.Shadows.Count == 0 ? new Html("") : Html.Of($"""
        <section aria-labelledby="shadow-title">
        <h2 id="shadow-title">In the shadow <small>a second model on the same images; latency from capture to prediction</small></h2>
        <div class="scroll">
        <table>
        <thead><tr><th>model</th><th class="number">right</th><th class="number">of</th><th class="number">accuracy</th><th class="number">p50</th><th class="number">p95</th><th class="number">agreement</th></tr></thead>
        {Html.Each(snapshot.Shadows, Pair)}
        </table>
        </div>
        </section>
        """);

    private static Html Pair(ShadowComparison pair) => Html.Of($"""
        <tbody>
        {Row(pair.Model, "live", pair.Correct, pair.Compared, pair.Accuracy, pair.Latency, Html.Of(
            $"""<td class="number" rowspan="2"><b>{Shown.Percent(pair.Agreement)}</b> <small>of {Shown.Count(pair.Images)}</small></td>"""))}
        {Row(pair.ShadowModel, "shadow", pair.ShadowCorrect, pair.Compared, pair.ShadowAccuracy, pair.ShadowLatency, default)}
        </tbody>

        """);

    private static Html Row(
        string? model, string role, long correct, long compared, double? accuracy, Percentiles latency, Html agreement) => Html.Of(
        $"""<tr><th scope="row">{model ?? "unknown"} <small>{role}</small></th><td class="number">{Shown.Count(correct)}</td><td class="number">{Shown.Count(compared)}</td><td class="number">{Shown.Percent(accuracy)}</td><td class="number">{Shown.Milliseconds(latency.P50Ms)}</td><td class="number">{Shown.Milliseconds(latency.P95Ms)}</td>{agreement}</tr>""");
}
