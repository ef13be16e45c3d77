using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Running;

/// <summary>Where servers keep their files: where a mount says, or in a folder that goes with the run.</summary>
internal sealed class DataFolders(string appHostDirectory) : IDisposable
{
    private readonly Dictionary<string, string> _temporary = [];
    private readonly Lock _gate = new();

    public string FolderOf(IResource resource, EmbeddedServerAnnotation server)
    {
        var mount = resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Target == server.DataTarget);
        return mount switch
        {
            { Type: ContainerMountType.BindMount, Source: { } folder } => folder,
            { Type: ContainerMountType.Volume, Source: { } volume } => Path.Combine(appHostDirectory, ".data", volume),
            _ => Temporary(resource.Name),
        };
    }

    /// <summary>Deletes the folders of this run.</summary>
    public void Dispose()
    {
        foreach (var folder in _temporary.Values)
        {
            try { Directory.Delete(folder, recursive: true); }
            catch (IOException) { /* the system clears its temporary folder by itself */ }
            catch (UnauthorizedAccessException) { /* likewise */ }
        }
    }

    private string Temporary(string name)
    {
        lock (_gate)
        {
            if (_temporary.TryGetValue(name, out var folder)) return folder;
            return _temporary[name] = Directory.CreateTempSubdirectory($"apphost-{name}-").FullName;
        }
    }
}
