using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Spans;

/// <summary>The far side of a call that sends no telemetry of its own: a database, a broker, somebody else's service.</summary>
internal static class Peer
{
    private static readonly string[] Systems = ["messaging.system", "db.system.name", "db.system", "rpc.system"];

    // The first attribute that is there names the peer: what people call it before where it is.
    private static readonly string[] Names =
        ["peer.service", "messaging.destination.name", "db.namespace", "rpc.service", "server.address", "net.peer.name"];

    /// <param name="isAnswered">The trace holds a span of another resource below this one.</param>
    /// <returns>The name of the destination; nothing for a span that calls nobody, or somebody who speaks for itself.</returns>
    public static string? Of(Span span, bool isAnswered)
    {
        if (isAnswered || span.Kind is not (SpanKind.Client or SpanKind.Producer)) return null;
        var (system, name) = (First(span, Systems), First(span, Names));
        return system is null || name is null || system == name ? name ?? system : $"{system} {name}";
    }

    private static string? First(Span span, string[] keys) =>
        keys.Select(key => span.Attributes[key].ToString()).FirstOrDefault(value => value.Length > 0);
}
