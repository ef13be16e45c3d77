namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>The resources that sent something, each under its service name and instance id. The longest unheard one goes first.</summary>
internal sealed class ResourceTable(int maxCount)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string ServiceName, string InstanceId), Entry> _entries = [];
    private readonly Dictionary<string, TelemetryResource.InstanceCount> _instances = [];
    private long _clock;

    /// <summary>Told of each resource that had to go; called outside the lock.</summary>
    public event Action<TelemetryResource>? Removed;

    /// <summary>The resource with these attributes: the one known, if it says the same of itself as before.</summary>
    public TelemetryResource GetOrAdd(Attributes attributes, uint droppedAttributesCount)
    {
        TelemetryResource? removed = null;
        TelemetryResource resource;
        lock (_lock)
        {
            var key = TelemetryResource.KeyOf(attributes);
            if (_entries.TryGetValue(key, out var entry))
            {
                entry.LastHeard = ++_clock;
                if (entry.Resource.Attributes.Equals(attributes)) return entry.Resource;
                return entry.Resource = new TelemetryResource(attributes, droppedAttributesCount, _instances[key.ServiceName]);
            }

            if (_entries.Count >= maxCount) removed = RemoveOldest();
            if (!_instances.TryGetValue(key.ServiceName, out var instances)) _instances[key.ServiceName] = instances = new();
            instances.Count++;
            resource = new TelemetryResource(attributes, droppedAttributesCount, instances);
            _entries.Add(key, new Entry { Resource = resource, LastHeard = ++_clock });
        }
        if (removed is not null) Removed?.Invoke(removed);
        return resource;
    }

    /// <summary>By display name.</summary>
    public IReadOnlyList<TelemetryResource> All()
    {
        lock (_lock)
        {
            return [.. _entries.Values.Select(entry => entry.Resource).OrderBy(resource => resource.DisplayName, StringComparer.OrdinalIgnoreCase)];
        }
    }

    public void Remove(TelemetryResource resource)
    {
        lock (_lock)
        {
            if (_entries.Remove((resource.ServiceName, resource.InstanceId))) Forget(resource.ServiceName);
        }
    }

    private TelemetryResource RemoveOldest()
    {
        var (key, entry) = _entries.MinBy(pair => pair.Value.LastHeard);
        _entries.Remove(key);
        Forget(key.ServiceName);
        return entry.Resource;
    }

    private void Forget(string serviceName)
    {
        if (--_instances[serviceName].Count == 0) _instances.Remove(serviceName);
    }

    private sealed class Entry
    {
        public required TelemetryResource Resource { get; set; }
        public required long LastHeard { get; set; }
    }
}
