using System.Text.Json.Serialization;

namespace Embedded.Aspire.Contracts;

/// <summary>All resources of an application at one moment.</summary>
public sealed record ResourceList(string Application, IReadOnlyList<ResourceView> Resources);

/// <summary>What a resource, or one of its replicas, looks like at one moment.</summary>
public sealed record ResourceView
{
    /// <summary>Names this replica: the name, a dash, eight letters; the name alone for what has no process.</summary>
    public required string Id { get; init; }

    /// <summary>The name in the AppHost, shared by all replicas.</summary>
    public required string Name { get; init; }

    /// <summary>Project, Executable, Container, Parameter…</summary>
    public required string Type { get; init; }

    /// <summary>What stands in for it, in words: Kafka broker; null: nothing does.</summary>
    public string? What { get; init; }

    /// <summary>Running, Waiting, Finished…</summary>
    public required string State { get; init; }

    /// <summary>success, info, warning, error; null: as the state suggests.</summary>
    public string? StateStyle { get; init; }

    /// <summary>Healthy, Degraded, Unhealthy; null unless it is running.</summary>
    public string? Health { get; init; }

    public IReadOnlyList<HealthView> HealthReports { get; init; } = [];

    public int? ExitCode { get; init; }

    public DateTime? CreatedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? StoppedAt { get; init; }

    /// <summary>Starts beyond the first.</summary>
    public int Restarts { get; init; }

    /// <summary>Where it comes from: a project file, a program, an image.</summary>
    public string? Source { get; init; }

    public IReadOnlyList<UrlView> Urls { get; init; } = [];

    public IReadOnlyList<VariableView> Environment { get; init; } = [];

    public IReadOnlyList<PropertyView> Properties { get; init; } = [];

    public IReadOnlyList<RelationshipView> Relationships { get; init; } = [];

    public IReadOnlyList<VolumeView> Volumes { get; init; } = [];

    /// <summary>The name of the resource it is shown under.</summary>
    public string? Parent { get; init; }

    /// <summary>Shown only on request.</summary>
    public bool IsHidden { get; init; }

    public IReadOnlyList<CommandView> Commands { get; init; } = [];

    /// <summary>Whether it is something that runs, and so has a console.</summary>
    [JsonIgnore] public bool HasProcess => Commands.Any(c => c.Name == "start");

}

/// <param name="Status">Healthy, Degraded, Unhealthy; null: not asked yet.</param>
public sealed record HealthView(string Name, string? Status, string? Description, string? Error);

/// <param name="IsInternal">For the details only.</param>
public sealed record UrlView(string? Name, string Url, string? Text, bool IsInternal);

/// <param name="IsFromSpec">Whether the AppHost gave it, rather than the surroundings.</param>
public sealed record VariableView(string Name, string? Value, bool IsSecret, bool IsFromSpec);

public sealed record PropertyView(string Name, string? Value, bool IsSecret);

/// <param name="Type">Parent, Reference, WaitFor or a word of the AppHost's own.</param>
public sealed record RelationshipView(string Resource, string Type);

/// <param name="Type">BindMount or Volume.</param>
public sealed record VolumeView(string? Source, string Target, string Type, bool IsReadOnly);

/// <param name="State">Enabled, Disabled or Hidden.</param>
/// <param name="Confirmation">What to ask before; null: nothing.</param>
/// <param name="Icon">The name of an icon, as Fluent calls it.</param>
/// <param name="IsHighlighted">Shown as a button in the list, rather than in the menu.</param>
public sealed record CommandView(string Name, string DisplayName, string? Description, string State, string? Confirmation, string? Icon, bool IsHighlighted);

/// <summary>How a command ended.</summary>
public sealed record CommandOutcome(bool Success, string? Message);

/// <param name="Text">With its time stamp (UTC), a space, and the line.</param>
public sealed record LogLineView(int Number, string Text, bool IsError);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceList))]
[JsonSerializable(typeof(CommandOutcome))]
[JsonSerializable(typeof(IReadOnlyList<LogLineView>))]
public sealed partial class ResourceJson : JsonSerializerContext;
