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

    [RegularExpression(Name, ErrorMessage = NameForm)]
    [Description("the consumer group in which a shadow model classifies images; none: that of the live model and `-shadow`")]
    public string? Shadow { get; init; }

    /// <summary>The group in which a shadow's predictions are stored: behind with them nobody is behind with images.</summary>
    public string ShadowsDbConsumer() => DbConsumer + Topics.ShadowSuffix;

    /// <summary>The same as the shadow itself sees them: it classifies in a group of its own.</summary>
    public GroupOptions OfShadow() => this with { Inference = Shadow is { Length: > 0 } own ? own : Inference + Topics.ShadowSuffix, Shadow = null };

    /// <summary>Members of one group would share the images, and each would miss some.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Inference.Length == 0 || DbConsumer.Length == 0)
        {
            return [new($"A name in {Section} is empty; it must be {NameForm}.")];
        }

        (string Option, string Name)[] names =
            [(nameof(Inference), Inference), (nameof(DbConsumer), DbConsumer), (nameof(Shadow), OfShadow().Inference)];
        return
            from same in names.GroupBy(one => one.Name)
            let first = same.First()
            from other in same.Skip(1)
            select new ValidationResult(
                $"{Section}:{other.Option} is '{other.Name}', as {Section}:{first.Option} is; each group needs a name of its own.");
    }
}
