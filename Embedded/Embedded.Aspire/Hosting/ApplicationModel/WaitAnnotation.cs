namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a resource waits for.</summary>
public enum WaitType
{
    /// <summary>Running and healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Ended with the expected exit code.</summary>
    WaitForCompletion,

    /// <summary>Running.</summary>
    WaitUntilStarted,
}

/// <summary>What a waiter does when the awaited resource fails.</summary>
public enum WaitBehavior
{
    /// <summary>Keeps waiting: someone may start it again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Fails to start.</summary>
    StopOnResourceUnavailable,
}

/// <summary>The resource starts only when another one has come far enough.</summary>
public class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The awaited resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>How far is far enough.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as success, for <see cref="WaitType.WaitForCompletion"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do when it fails; null follows the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}
