using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

// What can be said about a container.

/// <summary>The image that stands for the resource where containers run.</summary>
[DebuggerDisplay("{Registry}/{Image}:{Tag}")]
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>docker.io and the like.</summary>
    public string? Registry { get; set; }

    /// <summary>The repository.</summary>
    public required string Image { get; set; }

    /// <summary>The version.</summary>
    public string? Tag { get; set; }

    /// <summary>The digest, in place of a tag.</summary>
    public string? SHA256 { get; set; }
}

/// <summary>Where a mount comes from.</summary>
public enum ContainerMountType
{
    /// <summary>A folder of the machine.</summary>
    BindMount,

    /// <summary>A named store.</summary>
    Volume,
}

/// <summary>A folder that outlives the resource.</summary>
public sealed class ContainerMountAnnotation : IResourceAnnotation
{
    /// <summary>Describes a mount.</summary>
    public ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly)
    {
        if (type == ContainerMountType.BindMount) ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        Source = source;
        Target = target;
        Type = type;
        IsReadOnly = isReadOnly;
    }

    /// <summary>A path or the name of a volume; null is an anonymous volume.</summary>
    public string? Source { get; }

    /// <summary>The path in the container.</summary>
    public string Target { get; }

    /// <summary>Folder or volume.</summary>
    public ContainerMountType Type { get; }

    /// <summary>Whether the resource may write there.</summary>
    public bool IsReadOnly { get; }
}

/// <summary>How long a container lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the application.</summary>
    Session,

    /// <summary>Until somebody removes it.</summary>
    Persistent,
}

/// <summary>Says how long a container lives.</summary>
public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    /// <summary>How long.</summary>
    public required ContainerLifetime Lifetime { get; set; }
}

/// <summary>When an image is fetched.</summary>
public enum ImagePullPolicy
{
    /// <summary>As the engine likes.</summary>
    Default = 0,

    /// <summary>Before every start.</summary>
    Always = 1,

    /// <summary>When it is not there.</summary>
    Missing = 2,

    /// <summary>Never; it has to be there.</summary>
    Never = 3,
}

/// <summary>Says when the image is fetched.</summary>
public sealed class ContainerImagePullPolicyAnnotation : IResourceAnnotation
{
    /// <summary>When.</summary>
    public required ImagePullPolicy ImagePullPolicy { get; set; }
}

/// <summary>The name of the container in the engine.</summary>
public sealed class ContainerNameAnnotation : IResourceAnnotation
{
    /// <summary>Unique in the engine.</summary>
    public required string Name { get; set; }
}

/// <summary>Adds arguments for the engine's <c>run</c>.</summary>
public sealed class ContainerRuntimeArgsCallbackAnnotation(Func<ContainerRuntimeArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>What adds them.</summary>
    public Func<ContainerRuntimeArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>Arguments for the engine while they are being put together.</summary>
public sealed class ContainerRuntimeArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
{
    /// <summary>The arguments: text, or anything whose value becomes known.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>Cancelled when the start is.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Whether a forwarder may stand before the endpoints.</summary>
public sealed class ProxySupportAnnotation : IResourceAnnotation
{
    /// <summary>Whether it may.</summary>
    public required bool ProxyEnabled { get; set; }
}
