namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>
/// Who sent telemetry: one running instance of a service. Two are equal when service name and instance id are, whatever
/// else they say about themselves.
/// </summary>
public sealed class TelemetryResource : IEquatable<TelemetryResource>
{
    private const string UnknownService = "unknown_service";

    private readonly InstanceCount _instances;

    internal TelemetryResource(Attributes attributes, uint droppedAttributesCount, InstanceCount instances)
    {
        (Attributes, DroppedAttributesCount, _instances) = (attributes, droppedAttributesCount, instances);
        (ServiceName, InstanceId) = KeyOf(attributes);
    }

    /// <summary>A resource that stands for itself, as in tests.</summary>
    public TelemetryResource(Attributes attributes, uint droppedAttributesCount = 0) : this(attributes, droppedAttributesCount, new InstanceCount()) { }

    /// <summary><c>service.name</c>, or <c>unknown_service</c>.</summary>
    public string ServiceName { get; }

    /// <summary><c>service.instance.id</c>, or nothing.</summary>
    public string InstanceId { get; }

    public Attributes Attributes { get; }

    public uint DroppedAttributesCount { get; }

    /// <summary>The service's name; where several of its instances are known, with what tells them apart: <c>inference-3f2a9c01</c>.</summary>
    public string DisplayName => _instances.Count > 1 && InstanceId.Length > 0 ? $"{ServiceName}-{ShortInstanceId}" : ServiceName;

    // A GUID's first eight digits tell two instances apart; other ids were chosen to be read.
    private string ShortInstanceId => Guid.TryParse(InstanceId, out var guid) ? guid.ToString("N")[..8] : InstanceId;

    internal static (string ServiceName, string InstanceId) KeyOf(Attributes attributes) =>
        (attributes["service.name"].AsString is { Length: > 0 } name ? name : UnknownService, attributes["service.instance.id"].ToString());

    public bool Equals(TelemetryResource? other) =>
        other is not null && (ReferenceEquals(this, other) || (ServiceName == other.ServiceName && InstanceId == other.InstanceId));

    public override bool Equals(object? obj) => Equals(obj as TelemetryResource);

    public override int GetHashCode() => HashCode.Combine(ServiceName, InstanceId);

    public override string ToString() => DisplayName;

    /// <summary>How many instances of one service are known; they share it.</summary>
    internal sealed class InstanceCount
    {
        public int Count { get; set; }
    }
}
