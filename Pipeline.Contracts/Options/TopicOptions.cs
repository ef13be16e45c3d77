using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Pipeline.Contracts.Options;

/// <summary>
/// The topics, for whoever has other names than ours or other wishes; the AppHost's switches and the services' settings alike. All services of one
/// pipeline are told the same.
/// </summary>
public sealed record TopicOptions : IValidatableObject
{
    public const string Section = "Topics";

    /// <summary>Kafka's own rule.</summary>
    private const string Name = @"^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$";
    private const string NameForm = "a topic's name: 1 to 249 letters, digits, dots, underscores and hyphens";

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the topic of images")]
    public string Images { get; init; } = Topics.ImageData;

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the topic of predictions")]
    public string Results { get; init; } = Topics.InferenceResults;

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the topic of images that nobody can use; none: that of images and `.dlq`")]
    public string? ImageDeadLetters { get; init; }

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the topic of predictions that nobody can use; none: that of predictions and `.dlq`")]
    public string? ResultDeadLetters { get; init; }

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the topic of a shadow model's predictions; none: `shadow_results` with `--Shadow`, else there is no such topic")]
    public string? Shadow { get; init; }

    [Range(1, 10_000)]
    [Description("partitions of images and predictions, where the pipeline makes the topics: so many replicas can share the work")]
    public int Partitions { get; init; } = Topics.DefaultPartitionCount;

    [RegularExpression(Age.Pattern, ErrorMessage = Age.Form)]
    [Description("how long the broker keeps images and predictions, where the pipeline makes the topics; none: as it keeps others")]
    public string? Retention { get; init; }

    /// <summary>Every topic with its partition count, for whoever creates them.</summary>
    public IReadOnlyList<(string Name, int PartitionCount)> All() =>
    [
        (Images, Partitions),
        (Results, Partitions),
        (DeadLettersOf(Images), Topics.DeadLetterPartitionCount),
        (DeadLettersOf(Results), Topics.DeadLetterPartitionCount),
        .. HasShadow() ? [(Shadow!, Partitions)] : Array.Empty<(string, int)>(),
    ];

    /// <summary>Whether a second model runs in the shadow of the first. What it says only db-consumer reads, and has no dead letters.</summary>
    public bool HasShadow() => Shadow is { Length: > 0 };

    /// <summary>The same as the shadow itself sees them: its results have a topic of their own.</summary>
    public TopicOptions OfShadow() => this with { Results = Shadow ?? "", ResultDeadLetters = DeadLettersOf(Results), Shadow = null };

    /// <summary>Where records of a topic go that nobody can use.</summary>
    public string DeadLettersOf(string topic) =>
        (topic == Images ? ImageDeadLetters : topic == Results ? ResultDeadLetters : null) is { Length: > 0 } own
            ? own
            : topic + Topics.DeadLetterSuffix;

    /// <summary>The topic whose dead letters these are; null where they are none.</summary>
    public string? OriginOf(string deadLetters) =>
        deadLetters == DeadLettersOf(Images) ? Images : deadLetters == DeadLettersOf(Results) ? Results : null;

    /// <summary>
    /// Kafka's <c>retention.ms</c> of a topic; null where the broker's default holds, as for dead letters: people come to them late.
    /// </summary>
    public long? RetentionMs(string topic) =>
        topic == Images || topic == Results || topic == Shadow ? (long?)Age.Of(Retention)?.TotalMilliseconds : null;

    /// <summary>No name is empty, which the expression above lets pass, none is too long with its suffix, and no two are the same.</summary>
    /// <remarks>Dots and underscores are one to Kafka's metrics: it refuses a name that differs from another in nothing else.</remarks>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Option, string Name)[] names =
        [
            (nameof(Images), Images), (nameof(Results), Results),
            (nameof(ImageDeadLetters), DeadLettersOf(Images)), (nameof(ResultDeadLetters), DeadLettersOf(Results)),
            .. HasShadow() ? [(nameof(Shadow), Shadow!)] : Array.Empty<(string, string)>(),
        ];
        var empty =
            from topic in names
            where topic.Name.Length == 0
            select new ValidationResult($"{Section}:{topic.Option} is empty; it must be {NameForm}.");
        var doubled =
            from same in names.GroupBy(topic => topic.Name.Replace('.', '_'))
            let first = same.First()
            from other in same.Skip(1)
            select new ValidationResult(
                $"{Section}:{other.Option} is '{other.Name}', and {Section}:{first.Option} is '{first.Name}'; each topic needs a name of its own.");
        var tooLong =
            from topic in names
            where topic.Name.Length > 0 && !Regex.IsMatch(topic.Name, Name)
            select new ValidationResult(
                $"{Section}:{topic.Option} is '{Limits.Shortened(topic.Name)}', {topic.Name.Length} characters; it must be {NameForm}.");
        return [.. empty, .. doubled, .. tooLong];
    }
}
