using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Pipeline.Contracts;

namespace Pipeline.Producer.Sources;

/// <summary>
/// The labels of a model that others run: of its <c>model.json</c>, beside it or in its metadata, as models/README.md has it. What is wrong with a
/// model inference says, which needs it; here its labels are then not known.
/// </summary>
internal static class ModelLabels
{
    private const string CardName = "model.json";
    private const string OnnxFiles = "*.onnx";

    /// <summary>Of ModelProto (onnx.proto): metadata_props, each with a key and a value.</summary>
    private const int MetadataField = 14, KeyField = 1, ValueField = 2;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="model">An ONNX file, or a folder with one.</param>
    /// <returns>In their order; null where nobody names them.</returns>
    public static IReadOnlyList<string>? Find(string model)
    {
        var folder = Directory.Exists(model) ? model : Path.GetDirectoryName(Path.GetFullPath(model))!;
        try
        {
            var beside = Path.Combine(folder, CardName);
            var card = File.Exists(beside) ? File.ReadAllBytes(beside) : CardInside(File.Exists(model) ? model : OnnxIn(folder));
            return card is null ? null : LabelsOf(card, folder);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or JsonException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static string? OnnxIn(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, OnnxFiles) : [];
        return files is [var only] ? only : files.FirstOrDefault(file => Path.GetFileName(file) == "model.onnx");
    }

    private static byte[]? CardInside(string? onnx)
    {
        if (onnx is null)
        {
            return null;
        }

        using var file = File.OpenRead(onnx);
        using var model = new CodedInputStream(file);
        while (model.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) != MetadataField)
            {
                model.SkipLastField();
            }
            else if (EntryOf(model.ReadBytes()) is (CardName, { } card))
            {
                return card;
            }
        }

        return null;
    }

    private static (string? Key, byte[]? Value) EntryOf(ByteString bytes)
    {
        var (key, value) = ((string?)null, (byte[]?)null);
        using var entry = bytes.CreateCodedInput();
        while (entry.ReadTag() is not 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case KeyField:
                    key = entry.ReadString();
                    break;
                case ValueField:
                    value = entry.ReadBytes().ToByteArray();
                    break;
                default:
                    entry.SkipLastField();
                    break;
            }
        }

        return (key, value);
    }

    private static List<string>? LabelsOf(ReadOnlyMemory<byte> card, string folder)
    {
        using var json = JsonDocument.Parse(card.Span.StartsWith("\uFEFF"u8) ? card["\uFEFF"u8.Length..] : card, Lenient);
        var said = json.RootElement.ValueKind == JsonValueKind.Object
            ? json.RootElement.EnumerateObject().FirstOrDefault(field => field.Name.Equals("labels", StringComparison.OrdinalIgnoreCase)).Value
            : default;
        var texts = said.ValueKind switch
        {
            JsonValueKind.Array => said.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : ""),
            JsonValueKind.String => File.ReadAllLines(Path.Combine(folder, said.GetString()!), Encoding.UTF8),
            _ => null,
        };
        var labels = texts?.Select(text => Labels.TryRead(text, out var label) ? label : null).OfType<string>().ToList();
        return labels is { Count: > 0 } ? labels : null;
    }
}
