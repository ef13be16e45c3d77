using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Pipeline.Contracts.Options;

/// <summary>The consumer groups; the AppHost's switches and the services' settings alike.</summary>
public sealed record GroupOptions : IValidatableObject
{
    public const string Section = "Groups";

    /// <summary>Kafka takes anything; a blank is a typing error.</summary>
    private const string Name = "^[!-~]{1,249}$";
    private const string NameForm = "a consumer group's name: 1 to 249 characters without blanks";

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the consumer group that classifies images")]
    public string Inference { get; init; } = Topics.InferenceGroup;

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the consumer group that stores images and predictions")]
    public string DbConsumer { get; init; } = Topics.DbConsumerGroup;

    /// <summary>Members of one group would share the images, and each would miss some.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Inference.Length == 0 || DbConsumer.Length == 0 ? [new($"A name in {Section} is empty; it must be {NameForm}.")]
        : Inference != DbConsumer ? []
        : [new($"{Section}:{nameof(DbConsumer)} is '{DbConsumer}', as {Section}:{nameof(Inference)} is; each group needs a name of its own.")];
}
