namespace Pipeline.Analytics.Page;

/// <summary>What the broker knows: who is behind, and what could not be used.</summary>
internal static class BrokerTables
{
    /// <summary>Dead letters shown; all those that are looked at are counted by reason.</summary>
    public const int MaxLetters = 8;

    /// <summary>From here on a lag is worth a look; below it is what travels between a read and its commit.</summary>
    public const int WorthALookRecords = 500;

    private const string Away = "Kafka does not answer.";

    public static Html Lag(Snapshot snapshot)
    {
        if (snapshot.Broker is not { } broker)
        {
            return Shown.Empty(Away);
        }
        if (broker.Lag.Count == 0)
        {
            return Shown.Empty("There are no topics yet.");
        }
        var partitions = broker.Lag.Select(row => row.Partition).Distinct().Order().ToList();
        return Html.Of($"""
            <table class="lag">
            <thead><tr><th>group · topic</th>{Html.Each(partitions, partition => Html.Of($"""<th scope="col" class="number">{partition}</th>"""))}<th scope="col" class="number">sum</th></tr></thead>
            <tbody>{Html.Each(broker.Lag.GroupBy(row => (row.Group, row.Topic)), group => Html.Of($"""
            <tr><th scope="row">{group.Key.Group} <small>{group.Key.Topic}</small></th>{Html.Each(partitions, partition => LagCell(group.FirstOrDefault(row => row.Partition == partition)))}<td class="number"><b>{Shown.Count(group.Sum(row => row.Lag))}</b></td></tr>
            """))}</tbody>
            </table>
            """);
    }

    public static Html DeadLetters(Snapshot snapshot)
    {
        if (snapshot.Broker is not { } broker)
        {
            return Shown.Empty(Away);
        }
        if (broker.Latest.Count == 0)
        {
            return Shown.Empty("None. Every message so far could be used.");
        }
        var counted = broker.DeadLettered > broker.Latest.Count ? $"Of {Shown.Count(broker.DeadLettered)}, the latest {broker.Latest.Count}" : $"{broker.Latest.Count} in all";
        var isOpen = broker.Latest.Any(letter => !letter.IsReplayed);
        return Html.Of($"""
            <p class="reasons"><span class="note">{counted}:</span> {Html.Each(broker.Latest.CountBy(letter => letter.Reason).OrderByDescending(reason => reason.Value), reason =>
                Html.Of($"""<span class="reason">{reason.Key} <b>{reason.Value}</b></span> """))}{(isOpen ? Html.Of($"""<button type="button" data-replay="">Send them again</button>""") : default)}</p>
            <ul class="letters">{Html.Each(broker.Latest.Take(MaxLetters), letter => Letter(letter, snapshot.At))}</ul>
            """);
    }

    private static Html LagCell(PartitionLag? row) => Html.Of(
        $"""<td class="number {(row?.Lag > WorthALookRecords ? "behind" : "")}">{(row is null ? "" : Shown.Short(row.Lag))}</td>""");

    private static Html Letter(DeadLetter letter, DateTimeOffset now) => Html.Of($"""
        <li data-key="{letter.Letter}">{(letter.Picture is { } picture ? Html.Of($"""<img src="{picture}" alt="" width="32" height="32">""") : default)}<div><b>{letter.Reason}</b> <span class="note">{letter.Id ?? "no id"}, {(object?)letter.Origin ?? letter.Topic}, key {(letter.Key.Length == 0 ? "none" : letter.Key)}, {Shown.Age(now.UtcDateTime - letter.At)} old{Replay(letter)}</span><br>{letter.Problem}</div></li>

        """);

    private static string Replay(DeadLetter letter) => letter switch
    {
        { IsReplayed: false, CutFrom: { } length } => $"; the letter holds the beginning alone of {length} bytes, sent again is the record if it is still there",
        { IsReplayed: false } => "",
        { CutFrom: not null } => "; tried again",
        _ => "; sent again",
    };
}
