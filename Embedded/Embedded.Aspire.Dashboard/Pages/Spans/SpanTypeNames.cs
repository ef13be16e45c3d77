using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Spans;

/// <summary>Types of work as people say them.</summary>
internal static class SpanTypeNames
{
    public static readonly (string Name, SpanTypes Type)[] All =
    [
        ("HTTP", SpanTypes.Http), ("Database", SpanTypes.Database), ("Messaging", SpanTypes.Messaging), ("RPC", SpanTypes.Rpc),
        ("GenAI", SpanTypes.GenAI), ("Other", SpanTypes.Other),
    ];

    /// <returns>None, which all traces fit, where there is no such type.</returns>
    public static SpanTypes Parse(string? name) => Array.Find(All, type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Type;
}
