using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;

/// <summary>One option of <see cref="PipelineOptions"/>: its name, what it takes and what it means.</summary>
/// <param name="Name">As typed after <c>--</c>, and as a configuration key: <c>Rate</c>, <c>Kafka:Port</c>.</param>
internal sealed record PipelineOption(string Name, string Default, string Meaning, Type Type, ValidationAttribute? Limit)
{
    /// <summary>Every option, in the order of the properties.</summary>
    public static IReadOnlyList<PipelineOption> All { get; } = [.. Of(new PipelineOptions(), prefix: "")];

    /// <summary>What the option takes, as a sentence's end: "a whole number from 1 to 64".</summary>
    public string Takes => this switch
    {
        { Limit: (RegularExpressionAttribute or ModelChoiceAttribute) and { ErrorMessage: { } form } } => form,
        { Limit: RangeAttribute { Minimum: var min, Maximum: int.MaxValue } } => Text($"a whole number of at least {min}"),
        { Limit: RangeAttribute { Minimum: double min, Maximum: var max } } => Text($"a number from {min} to {max}, with a point for decimals"),
        { Limit: RangeAttribute { Minimum: var min, Maximum: var max } } => Text($"a whole number from {min} to {max}"),
        { IsList: true } => SourceSpec.Form,
        { Type.IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(Type).Select(name => name.ToLowerInvariant())),
        _ when Type == typeof(bool) => "true or false",
        _ => "a folder",
    };

    /// <summary>Whether it may be given several times.</summary>
    public bool IsList => Type == typeof(IReadOnlyList<string>);

    /// <summary>Reads the options. A value that an option does not take is refused by the option's name.</summary>
    /// <exception cref="BadOptionException">A value does not fit; the message is for the person who typed it.</exception>
    public static PipelineOptions Read(IConfiguration configuration)
    {
        var given = All.SelectMany(option => option.Given(configuration)).Where(given => !string.IsNullOrEmpty(given.Text)).ToArray();
        foreach (var (option, _, text) in given)
        {
            if (!option.IsTaken(text!))
            {
                throw new BadOptionException($"--{option.Name} is '{text}'; it must be {option.Takes}.");
            }
        }

        var options = new ConfigurationBuilder()
            .AddInMemoryCollection(given.Select(given => KeyValuePair.Create(given.Key, given.Text)))
            .Build()
            .Get<PipelineOptions>() ?? new PipelineOptions();
        if (options is { Shadow: not null, Topics.Shadow: null })
        {
            // All services are told: that it is there says that there is a shadow.
            options = options with { Topics = options.Topics with { Shadow = Topics.ShadowResults } };
        }

        if (((IValidatableObject[])[options.Topics, options.Groups]).SelectMany(names => names.Validate(new(names))).FirstOrDefault() is { } clash)
        {
            throw new BadOptionException($"--{clash.ErrorMessage}");
        }

        return Rooted(options);
    }

    /// <summary>A path means what it means where it was typed; each service runs in a folder of its own.</summary>
    private static PipelineOptions Rooted(PipelineOptions options)
    {
        try
        {
            return options with
            {
                Model = ModelChoiceAttribute.Rooted(options.Model),
                Shadow = options.Shadow is { } shadow ? ModelChoiceAttribute.Rooted(shadow) : null,
                Telemetry = options.Telemetry.Folder is { } folder ? options.Telemetry with { Folder = Path.GetFullPath(folder) } : options.Telemetry,
                Source = options.Source.Count > 0 ? [.. options.Sources().Select(source => source.Rooted())] : options.Source,
            };
        }
        catch (FormatException wrong)
        {
            throw new BadOptionException($"--{nameof(CameraOptions.Source)}: {wrong.Message}");
        }
    }

    /// <summary>What was given, with its key; of a list each value, or the only one under the list's own name.</summary>
    private IEnumerable<(PipelineOption Option, string Key, string? Text)> Given(IConfiguration configuration) =>
        IsList && configuration.GetSection(Name).GetChildren().ToArray() is { Length: > 0 } values
            ? values.Select(value => (this, value.Path, value.Value))
            : [(this, IsList ? $"{Name}:0" : Name, configuration[Name])];

    private bool IsTaken(string text)
    {
        if (IsList)
        {
            return true;                                     // which says itself what is wrong
        }

        if (Type.IsEnum)
        {
            return Enum.GetNames(Type).Contains(text, StringComparer.OrdinalIgnoreCase);
        }

        try
        {
            var value = TypeDescriptor.GetConverter(Type).ConvertFromInvariantString(text);
            return Limit is null || Limit.IsValid(value);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    private static IEnumerable<PipelineOption> Of(object options, string prefix)
    {
        // What is inherited comes first: what the cameras do is what people choose most.
        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(property => property.DeclaringType == options.GetType());
        return properties.SelectMany(property => property.GetCustomAttribute<DescriptionAttribute>() is { Description: var meaning }
            ? [new PipelineOption(prefix + property.Name, DefaultOf(property.GetValue(options)), meaning, TypeOf(property),
                property.GetCustomAttribute<ValidationAttribute>())]
            : Of(property.GetValue(options)!, $"{prefix}{property.Name}:"));
    }

    private static Type TypeOf(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private static string DefaultOf(object? value) => value switch
    {
        null or IReadOnlyList<string> { Count: 0 } => "none",
        Enum or bool => Text($"{value}").ToLowerInvariant(),
        _ => Text($"{value}"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An option was given a value that it cannot take. The message is for the person who typed it.</summary>
internal sealed class BadOptionException(string message) : Exception(message);
