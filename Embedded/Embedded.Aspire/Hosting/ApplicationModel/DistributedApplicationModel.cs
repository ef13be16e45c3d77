namespace Aspire.Hosting.ApplicationModel;

/// <summary>All resources of an application.</summary>
public class DistributedApplicationModel(IResourceCollection resources)
{
    /// <summary>Makes a model of a copy of the resources.</summary>
    public DistributedApplicationModel(IEnumerable<IResource> resources) : this(Copy(resources)) { }

    /// <summary>In the order in which they were added.</summary>
    public IResourceCollection Resources { get; } = resources;

    private static ResourceCollection Copy(IEnumerable<IResource> resources)
    {
        var copy = new ResourceCollection();
        foreach (var resource in resources) copy.Add(resource);
        return copy;
    }
}
