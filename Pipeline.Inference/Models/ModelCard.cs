using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults;

namespace Pipeline.Inference.Models;

/// <summary>
/// What a model's maker says of it that its graph does not: <c>model.json</c> beside it, or the same text in its metadata under that name.
/// models/README.md has a table of the fields.
/// </summary>
/// <remarks>What is null is not said; <see cref="ModelSignature"/> knows what then holds.</remarks>
internal sealed record ModelCard
{
    public const string FileName = "model.json";

    /// <summary>A word that is not known here is more likely a slip than meant for others.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public static ModelCard Empty { get; } = new();

    public string? Name { get; init; }

    /// <summary>A list of texts, or the name of a text file beside the model that has one a line.</summary>
    public JsonElement? Labels { get; init; }

    /// <summary>That file; null where labels are no file's name.</summary>
    [JsonIgnore]
    public string? LabelsFile => Labels is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;

    /// <summary>Of pixels from 0 to 1, one for each channel in the model's order.</summary>
    public float[]? Mean { get; init; }

    /// <inheritdoc cref="Mean"/>
    public float[]? Std { get; init; }

    public ChannelOrder? Channels { get; init; }

    public TensorLayout? Layout { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public ResizeRule? Resize { get; init; }

    /// <summary>Of <see cref="ResizeRule.Crop"/>: which share of a picture's shorter side is kept.</summary>
    public float? Crop { get; init; }

    /// <summary>Whether the output is logits, of which softmax makes probabilities.</summary>
    public bool? Softmax { get; init; }

    /// <summary>Of a model with several outputs: the one with the classes.</summary>
    public string? Output { get; init; }

    /// <param name="json">The text.</param>
    /// <param name="from">Where it stands, for people.</param>
    /// <exception cref="StartupException">It cannot be used.</exception>
    public static ModelCard Parse(ReadOnlySpan<byte> json, string from)
    {
        try
        {
            var card = JsonSerializer.Deserialize<ModelCard>(json.StartsWith("\uFEFF"u8) ? json["\uFEFF"u8.Length..] : json, Strict) ?? throw new JsonException("it is null");
            return card.Name is { Length: 0 or > Limits.MaxModelNameLength }
                ? throw new JsonException($"name has 1 to {Limits.MaxModelNameLength} characters")
                : card;
        }
        catch (JsonException broken)
        {
            throw new StartupException($"{from} cannot be used ({InWords(broken)}).", "models/README.md has a table of its fields.", broken);
        }
    }

    /// <summary>A misspelt field, which the reader tells in words of its own type.</summary>
    private static string InWords(JsonException broken) =>
        broken.Message.Split('\'') is ["The JSON property ", var unknown, ..] ? $"there is no field '{unknown}'" : broken.Message;
}

/// <summary>Which colour is a pixel's first.</summary>
internal enum ChannelOrder
{
    Rgb,
    Bgr,
}

/// <summary>Whether colours lie in planes of their own or pixel by pixel.</summary>
internal enum TensorLayout
{
    Nchw,
    Nhwc,
}
