namespace Embedded.Aspire.Dashboard.Live;

/// <summary>Something that changes while pages show it: a name and a number that is another one after every change.</summary>
/// <param name="Name">What pages name to be told: <c>resources</c>, <c>traces</c>…</param>
/// <param name="Version">Cheap: it is asked a few times a second for each open page.</param>
internal sealed record LiveTopic(string Name, Func<long> Version);
