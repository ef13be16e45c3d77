namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a name, and annotations that say everything else about it.</summary>
public interface IResource
{
    /// <summary>1–64 letters, digits and hyphens; unique in the application, whatever the case.</summary>
    string Name { get; }

    /// <summary>What was said about the resource, in the order in which it was said.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A fact about a resource; each kind of fact is a type.</summary>
public interface IResourceAnnotation;

/// <summary>Has a command line.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>Has environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>Listens on addresses that others may ask for.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>Can be held back until other resources are ready.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>Is inert: nobody waits for it.</summary>
public interface IResourceWithoutLifetime : IResource;

/// <summary>Runs somewhere, as a process or in a cluster.</summary>
public interface IComputeResource : IResource;

/// <summary>Belongs to another resource and shares its fate.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource this one belongs to.</summary>
    IResource Parent { get; }
}

/// <summary>Belongs to a resource of a known type.</summary>
public interface IResourceWithParent<out T> : IResourceWithParent where T : IResource
{
    /// <summary>The resource this one belongs to.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}
