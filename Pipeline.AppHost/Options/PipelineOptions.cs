using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Pipeline.Contracts.Options;

/// <summary>
/// What a person may choose when starting the pipeline: on the command line, in the environment or in appsettings. The properties are the
/// only place where an option is named; help, validation and the README's table are made of them.
/// </summary>
internal sealed record PipelineOptions : CameraOptions
{
    [Range(1, 64)]
    [Description("inference processes in the consumer group")]
    public int InferenceReplicas { get; init; } = 1;

    [ModelChoice]
    [Description("the classifier: the one of `models/` in 8-bit integers (int8) or 32-bit floats (fp32), or an ONNX file of your own")]
    public string Model { get; init; } = "int8";

    [ModelChoice]
    [Description("a second classifier that runs in the shadow of the first: its predictions are kept beside, and compared; none: there is no second")]
    public string? Shadow { get; init; }

    [Range(0d, 1d)]
    [Description("which share of the images the shadow sees, chosen by their ids")]
    public double ShadowShare { get; init; } = 1;

    [Description("what broker and store are: programs of this repository, or the real images where a container engine runs")]
    public Servers Servers { get; init; }

    [Description("the folder beside the solution where embedded servers keep their files; `:temp:` for a throw-away run")]
    public string Data { get; init; } = ".data";

    public PortOptions Kafka { get; init; } = new();

    public PortOptions MongoDB { get; init; } = new();

    public DevicePortOptions Producer { get; init; } = new();

    public PortOptions Analytics { get; init; } = new();

    public PortOptions Dashboard { get; init; } = new() { Port = 15_888 };

    public KeepOptions Keep { get; init; } = new();

    public TopicOptions Topics { get; init; } = new();

    public GroupOptions Groups { get; init; } = new();

    public TelemetryOptions Telemetry { get; init; } = new();
}

/// <summary>What stands behind Kafka and MongoDB on one machine.</summary>
internal enum Servers
{
    Embedded,
    Containers,
}

/// <summary>Where devices find the producer.</summary>
internal sealed record DevicePortOptions
{
    [Range(1, 65_535)]
    [Description("a fixed port that devices post pictures to over the network; without it any free one, for this machine alone")]
    public int? Port { get; init; }
}

/// <summary>Where people and tools find something.</summary>
internal sealed record PortOptions
{
    [Range(1, 65_535)]
    [Description("a fixed port for people and tools")]
    public int? Port { get; init; }
}
