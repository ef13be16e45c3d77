using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;

namespace Aspire.Hosting;

/// <summary>
/// Adds containers and says how they run. For Kafka and MongoDB, whose place a program takes, it is kept for publishing; mounts choose
/// their data folder here too.
/// </summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container. It runs where docker or podman answers; elsewhere its state says what is missing.</summary>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image) =>
        builder.AddResource(new ContainerResource(name)).WithImage(image);

    /// <summary>Adds a container with a version of an image.</summary>
    public static IResourceBuilder<ContainerResource> AddContainer(
        this IDistributedApplicationBuilder builder, string name, string image, string tag) =>
        builder.AddResource(new ContainerResource(name)).WithImage(image, tag);

    /// <summary>Adds a container whose image is built of a Dockerfile, where the application is deployed.</summary>
    public static IResourceBuilder<ContainerResource> AddDockerfile(
        this IDistributedApplicationBuilder builder, string name, string contextPath, string? dockerfilePath = null, string? stage = null) =>
        builder.AddResource(new ContainerResource(name)).WithDockerfile(contextPath, dockerfilePath, stage);

    /// <summary>Builds the image of a Dockerfile, where the application is deployed.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="contextPath">The folder that the build sees, relative to the AppHost's.</param>
    /// <param name="dockerfilePath">Relative to that folder; default: <c>Dockerfile</c>.</param>
    /// <param name="stage">The stage to build; null is the last one.</param>
    public static IResourceBuilder<T> WithDockerfile<T>(
        this IResourceBuilder<T> builder, string contextPath, string? dockerfilePath = null, string? stage = null) where T : ContainerResource
    {
        var context = Path.GetFullPath(contextPath, builder.ApplicationBuilder.AppHostDirectory);
        return builder.WithImage(builder.Resource.Name.ToLowerInvariant()).WithAnnotation(
            new DockerfileBuildAnnotation(context, Path.GetFullPath(dockerfilePath ?? "Dockerfile", context), stage), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Tells the build of the image something.</summary>
    /// <exception cref="InvalidOperationException">The image is not built of a Dockerfile.</exception>
    public static IResourceBuilder<T> WithBuildArg<T>(this IResourceBuilder<T> builder, string name, object? value) where T : ContainerResource
    {
        if (!builder.Resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build))
            throw new InvalidOperationException($"The resource '{builder.Resource.Name}' is not built of a Dockerfile. Call WithDockerfile first.");
        build.BuildArguments[name] = value;
        return builder;
    }

    /// <summary>Uses another image: <c>registry/repository:tag</c>, of which only the repository has to be there.</summary>
    public static IResourceBuilder<T> WithImage<T>(
        this IResourceBuilder<T> builder, string image, string? tag = null) where T : ContainerResource
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        var name = ImageName.Parse(image);
        if (tag is not null && name.Tag is not null)
            throw new InvalidOperationException($"The image '{image}' of resource '{builder.Resource.Name}' has a tag already; '{tag}' cannot be another.");

        return builder.WithAnnotation(new ContainerImageAnnotation
        {
            Registry = name.Registry, Image = name.Repository, SHA256 = name.Digest,
            Tag = name.Digest is null ? tag ?? name.Tag ?? "latest" : null,
        }, ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Uses another version of the image.</summary>
    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag) where T : ContainerResource =>
        WithImageOf(builder, image => { image.Tag = tag; image.SHA256 = null; });

    /// <summary>Uses exactly one build of the image.</summary>
    public static IResourceBuilder<T> WithImageSHA256<T>(this IResourceBuilder<T> builder, string sha256) where T : ContainerResource =>
        WithImageOf(builder, image => { image.SHA256 = sha256; image.Tag = null; });

    /// <summary>Takes the image from another registry.</summary>
    public static IResourceBuilder<T> WithImageRegistry<T>(
        this IResourceBuilder<T> builder, string? registry) where T : ContainerResource =>
        WithImageOf(builder, image => image.Registry = registry);

    /// <summary>Says when the image is fetched.</summary>
    public static IResourceBuilder<T> WithImagePullPolicy<T>(this IResourceBuilder<T> builder, ImagePullPolicy pullPolicy) where T : ContainerResource =>
        builder.WithAnnotation(new ContainerImagePullPolicyAnnotation { ImagePullPolicy = pullPolicy }, ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Runs something else in the container than what the image says.</summary>
    public static IResourceBuilder<T> WithEntrypoint<T>(this IResourceBuilder<T> builder, string entrypoint) where T : ContainerResource
    {
        builder.Resource.Entrypoint = entrypoint;
        return builder;
    }

    /// <summary>Gives the container a name of its own in the engine.</summary>
    public static IResourceBuilder<T> WithContainerName<T>(this IResourceBuilder<T> builder, string name) where T : ContainerResource =>
        builder.WithAnnotation(new ContainerNameAnnotation { Name = name }, ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Adds arguments for the engine's <c>run</c>.</summary>
    public static IResourceBuilder<T> WithContainerRuntimeArgs<T>(this IResourceBuilder<T> builder, params string[] args) where T : ContainerResource =>
        builder.WithContainerRuntimeArgs(context => { foreach (var arg in args) context.Args.Add(arg); });

    /// <summary>Adds arguments for the engine's <c>run</c> at each start.</summary>
    public static IResourceBuilder<T> WithContainerRuntimeArgs<T>(
        this IResourceBuilder<T> builder, Action<ContainerRuntimeArgsCallbackContext> callback) where T : ContainerResource =>
        builder.WithContainerRuntimeArgs(context => { callback(context); return Task.CompletedTask; });

    /// <summary>Adds arguments for the engine's <c>run</c> at each start.</summary>
    public static IResourceBuilder<T> WithContainerRuntimeArgs<T>(
        this IResourceBuilder<T> builder, Func<ContainerRuntimeArgsCallbackContext, Task> callback) where T : ContainerResource =>
        builder.WithAnnotation(new ContainerRuntimeArgsCallbackAnnotation(callback));

    /// <summary>Says whether a forwarder may stand before the container's endpoints, which exist or come later.</summary>
    public static IResourceBuilder<T> WithEndpointProxySupport<T>(this IResourceBuilder<T> builder, bool proxyEnabled) where T : ContainerResource =>
        builder.WithAnnotation(new ProxySupportAnnotation { ProxyEnabled = proxyEnabled }, ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Mounts a named volume.</summary>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));

    /// <summary>Mounts an anonymous volume.</summary>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string target) where T : ContainerResource =>
        builder.WithAnnotation(new ContainerMountAnnotation(null, target, ContainerMountType.Volume, isReadOnly: false));

    /// <summary>Mounts a folder of the machine, relative to the AppHost's.</summary>
    public static IResourceBuilder<T> WithBindMount<T>(
        this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerMountAnnotation(
            Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory), target, ContainerMountType.BindMount, isReadOnly));

    /// <summary>Says how long the container lives.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(
        this IResourceBuilder<T> builder, ContainerLifetime lifetime) where T : ContainerResource =>
        builder.WithAnnotation(new ContainerLifetimeAnnotation { Lifetime = lifetime }, ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<T> WithImageOf<T>(
        IResourceBuilder<T> builder, Action<ContainerImageAnnotation> change) where T : ContainerResource
    {
        if (!builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image))
            throw new InvalidOperationException($"The resource '{builder.Resource.Name}' does not have a container image specified.");
        change(image);
        return builder;
    }
}
