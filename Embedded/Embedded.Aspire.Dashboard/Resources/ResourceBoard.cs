using Embedded.Aspire.Contracts;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>The resources as the AppHost described them last.</summary>
public sealed class ResourceBoard
{
    private ResourceList _list = new("", []);
    private long _version;

    /// <summary>The application's name; empty before the first word of the AppHost.</summary>
    public string Application => _list.Application;

    /// <summary>In the AppHost's order.</summary>
    public IReadOnlyList<ResourceView> All => _list.Resources;

    /// <summary>Whether the AppHost can be heard.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The replica of that id, or the first of that name.</summary>
    public ResourceView? Find(string idOrName) =>
        All.FirstOrDefault(r => r.Id.Equals(idOrName, StringComparison.OrdinalIgnoreCase)) ??
        All.FirstOrDefault(r => r.Name.Equals(idOrName, StringComparison.OrdinalIgnoreCase));

    public void Show(ResourceList list)
    {
        (_list, IsConnected) = (list, true);
        Interlocked.Increment(ref _version);
    }

    /// <summary>What was shown last stays, and is said to be old.</summary>
    public void Lost()
    {
        IsConnected = false;
        Interlocked.Increment(ref _version);
    }
}
