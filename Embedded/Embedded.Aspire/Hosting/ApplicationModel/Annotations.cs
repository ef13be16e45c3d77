using System.Diagnostics;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

// Facts that are one word or two. Those with behaviour have files of their own.

/// <summary>How many processes run the resource.</summary>
public class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>At least 1.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>A health check, registered under its key, tells whether the resource is healthy.</summary>
[DebuggerDisplay("Key = {Key}")]
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name under which the check is registered.</summary>
    public string Key { get; } = key;
}

/// <summary>The resource starts when somebody asks, not with the application.</summary>
public class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>No launch profile is used.</summary>
public sealed class ExcludeLaunchProfileAnnotation : IResourceAnnotation;

/// <summary>The launch profile to use.</summary>
public sealed class LaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
{
    /// <summary>Its name in launchSettings.json.</summary>
    public string LaunchProfileName { get; } = launchProfileName;
}

/// <summary>How two resources are related, for people to see.</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Parent, Reference, WaitFor or a word of one's own.</summary>
    public string Type { get; } = type;
}

/// <summary>A named part of a connection string beside those that the resource has by itself.</summary>
public class ConnectionPropertyAnnotation(string name, ReferenceExpression referenceExpression) : IResourceAnnotation
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its value.</summary>
    public ReferenceExpression ReferenceExpression { get; } = referenceExpression;
}

/// <summary>What a reference puts into the environment of the resource that refers.</summary>
[Flags]
public enum ReferenceEnvironmentInjectionFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>ConnectionStrings__NAME</c>.</summary>
    ConnectionString = 1,

    /// <summary><c>NAME_HOST</c> and the like.</summary>
    ConnectionProperties = 2,

    /// <summary><c>services__NAME__SCHEME__0</c>.</summary>
    ServiceDiscovery = 4,

    /// <summary><c>NAME_HTTP</c> and the like.</summary>
    Endpoints = 8,

    /// <summary>Everything.</summary>
    All = ConnectionString | ConnectionProperties | ServiceDiscovery | Endpoints,
}

/// <summary>Says what references put into the environment of this resource.</summary>
public sealed class ReferenceEnvironmentInjectionAnnotation(ReferenceEnvironmentInjectionFlags flags) : IResourceAnnotation
{
    /// <summary>What they put there.</summary>
    public ReferenceEnvironmentInjectionFlags Flags { get; } = flags;
}

/// <summary>What the resource looks like before anything happens to it.</summary>
public sealed class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>What it looks like.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}

/// <summary>The icon of the resource, in place of the one that goes with its type.</summary>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>The name of a Fluent UI icon.</summary>
    public string IconName { get; } = iconName;

    /// <summary>How it is drawn.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}

/// <summary>The resource sends telemetry.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation
{
    /// <summary>The one protocol that it speaks; null is any.</summary>
    public OtlpProtocol? RequiredProtocol { get; init; }
}

/// <summary>Writes the resource into the manifest, in place of what its kind would write.</summary>
public class ManifestPublishingCallbackAnnotation(Func<ManifestPublishingContext, Task>? callback) : IResourceAnnotation
{
    /// <summary>The resource is left out of the manifest.</summary>
    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new(null);

    /// <summary>What writes the resource's properties; null leaves the resource out.</summary>
    public Func<ManifestPublishingContext, Task>? Callback { get; } = callback;
}
