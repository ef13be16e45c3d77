using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

// What waits for what, and what belongs to what.
public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts only when the dependency is running and healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => Wait(builder, dependency.Resource, WaitType.WaitUntilHealthy, behavior: null);

    /// <summary>Starts only when the dependency is running and healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => Wait(builder, dependency.Resource, WaitType.WaitUntilHealthy, waitBehavior);

    /// <summary>Starts only when the dependency is running.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => Wait(builder, dependency.Resource, WaitType.WaitUntilStarted, behavior: null);

    /// <summary>Starts only when the dependency is running.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => Wait(builder, dependency.Resource, WaitType.WaitUntilStarted, waitBehavior);

    /// <summary>Starts only when the dependency has ended with an exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => Wait(builder, dependency.Resource, WaitType.WaitForCompletion, behavior: null, exitCode);

    /// <summary>Does not start with the application, but when somebody asks.</summary>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder) where T : IResource =>
        builder.WithAnnotation(new ExplicitStartupAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Leaves the resource out of the manifest.</summary>
    public static IResourceBuilder<T> ExcludeFromManifest<T>(this IResourceBuilder<T> builder) where T : IResource =>
        builder.WithAnnotation(ManifestPublishingCallbackAnnotation.Ignore, ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Writes the resource into the manifest, in place of what its kind would write.</summary>
    public static IResourceBuilder<T> WithManifestPublishingCallback<T>(
        this IResourceBuilder<T> builder, Action<ManifestPublishingContext> callback) where T : IResource =>
        builder.WithManifestPublishingCallback(context => { callback(context); return Task.CompletedTask; });

    /// <summary>Writes the resource into the manifest, in place of what its kind would write.</summary>
    public static IResourceBuilder<T> WithManifestPublishingCallback<T>(
        this IResourceBuilder<T> builder, Func<ManifestPublishingContext, Task> callback) where T : IResource =>
        builder.WithAnnotation(new ManifestPublishingCallbackAnnotation(callback), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Hides the resource from tools that ask over MCP; here there are none.</summary>
    public static IResourceBuilder<T> ExcludeFromMcp<T>(this IResourceBuilder<T> builder) where T : IResource =>
        builder.WithAnnotation(new ExcludeFromMcpAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Shows the resource with an icon of its own.</summary>
    public static IResourceBuilder<T> WithIconName<T>(
        this IResourceBuilder<T> builder, string iconName, IconVariant iconVariant = IconVariant.Filled) where T : IResource
    {
        ArgumentException.ThrowIfNullOrEmpty(iconName);
        return builder.WithAnnotation(new ResourceIconAnnotation(iconName, iconVariant), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Says what the resource looks like before anything happens to it.</summary>
    public static IResourceBuilder<TResource> WithInitialState<TResource>(
        this IResourceBuilder<TResource> builder, CustomResourceSnapshot initialSnapshot) where TResource : IResource =>
        builder.WithAnnotation(new ResourceSnapshotAnnotation(initialSnapshot), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Shows the resource under another one.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent) where T : IResource =>
        builder.WithRelationship(parent.Resource, "Parent");

    /// <summary>Shows the resource under another one.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent) where T : IResource =>
        builder.WithRelationship(parent, "Parent");

    /// <summary>Shows another resource under this one.</summary>
    public static IResourceBuilder<T> WithChildRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> child) where T : IResource =>
        builder.WithChildRelationship(child.Resource);

    /// <summary>Shows another resource under this one.</summary>
    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResource child) where T : IResource
    {
        child.Annotations.Add(new ResourceRelationshipAnnotation(builder.Resource, "Parent"));
        return builder;
    }

    /// <summary>Shows that the resource refers to another one.</summary>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(
        this IResourceBuilder<T> builder, IResource resource) where T : IResource =>
        builder.WithRelationship(resource, "Reference");

    /// <summary>Shows that the resource refers to another one.</summary>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder)
        where T : IResource => builder.WithRelationship(resourceBuilder.Resource, "Reference");

    /// <summary>Shows a relationship of any kind.</summary>
    public static IResourceBuilder<T> WithRelationship<T>(
        this IResourceBuilder<T> builder, IResource resource, string type) where T : IResource =>
        builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));

    private sealed record ExcludeFromMcpAnnotation : IResourceAnnotation;

    private static IResourceBuilder<T> Wait<T>(
        IResourceBuilder<T> builder, IResource dependency, WaitType type, WaitBehavior? behavior, int exitCode = 0) where T : IResourceWithWaitSupport
    {
        if (builder.Resource as IResource == dependency)
            throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for itself.");
        if (builder.Resource is IResourceWithParent child && child.Parent == dependency)
            throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for its parent '{dependency.Name}'.");

        // A database is as available as its server, so whoever waits for the one waits for the other.
        if (dependency is IResourceWithParent { Parent: var parent } && type != WaitType.WaitForCompletion)
            Wait(builder, parent, type, behavior);
        builder.WithRelationship(dependency, "WaitFor");
        return builder.WithAnnotation(new WaitAnnotation(dependency, type, exitCode) { WaitBehavior = behavior });
    }
}
