using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

/// <summary>Stands on a server and on the program that runs in its container's place.</summary>
internal sealed record EmbeddedProcessAnnotation(ContainerResource Server, ExecutableResource Process) : IResourceAnnotation
{
    /// <summary>Whether this is such a program.</summary>
    public static bool IsOn(IResource resource, [NotNullWhen(true)] out ContainerResource? server)
    {
        server = resource.TryGetLastAnnotation<EmbeddedProcessAnnotation>(out var embedded) && embedded.Process == resource ? embedded.Server : null;
        return server is not null;
    }

    /// <summary>Whether a program runs in the place of this container.</summary>
    public static bool Replaces(ContainerResource container) => container.HasAnnotationOfType<EmbeddedProcessAnnotation>();
}
