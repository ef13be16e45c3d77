using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Running;

/// <summary>How this run goes.</summary>
/// <param name="Directory">The AppHost's folder.</param>
/// <param name="ApplicationName">The AppHost's name.</param>
/// <param name="EnvironmentName">Development, Production…</param>
/// <param name="RandomizePorts">Ignores fixed ports, so that tests can run side by side.</param>
/// <param name="Console">Whether a person watches: a failed server then ends the run.</param>
/// <param name="ResourceLogging">Whether resources' logs go to the AppHost's log too.</param>
/// <param name="DashboardEnabled">Whether there is a page to look at.</param>
internal sealed record RunOptions(
    string Directory, string ApplicationName, string EnvironmentName, bool RandomizePorts, bool Console, bool ResourceLogging, bool DashboardEnabled);

/// <summary>A replica that asks for values: some differ from replica to replica.</summary>
internal sealed class ReplicaContext : ValueProviderContext
{
    public required int ReplicaIndex { get; init; }

    /// <summary>Eight letters; also <c>service.instance.id</c>.</summary>
    public required string InstanceId { get; init; }
}

/// <summary>The eight letters of the replica that asks.</summary>
internal sealed class InstanceIdValue : IValueProvider, IManifestExpressionProvider
{
    public string ValueExpression => "";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>("");

    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>((context as ReplicaContext)?.InstanceId ?? "");
}
