using System.Text;

namespace Pipeline.Inference.Models;

/// <summary>The files in which a model keeps weights outside of itself, as large ones do.</summary>
internal static class ExternalData
{
    private enum Message
    {
        Model,
        Graph,
        Node,
        Attribute,
        SparseTensor,
        Tensor,
        Entry,
    }

    /// <summary>Their paths as the model gives them, relative to it, each once and in order.</summary>
    /// <returns>None where the file is no model: ONNX Runtime says so better.</returns>
    public static IReadOnlyCollection<string> Of(ReadOnlySpan<byte> onnx)
    {
        var locations = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            Collect(Message.Model, onnx, locations);
        }
        catch (InvalidDataException)
        {
            return [];
        }

        return locations;
    }

    /// <summary>Where in a message another one lies that leads to a location. Source: onnx.proto.</summary>
    private static Message? Inside(Message message, int field) => (message, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.SparseTensor,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.SparseTensor, 1 or 2) => Message.Tensor,
        (Message.Tensor, 13) => Message.Entry,
        _ => null,
    };

    private static void Collect(Message message, ReadOnlySpan<byte> bytes, SortedSet<string> locations)
    {
        ReadOnlySpan<byte> key = default;
        for (var fields = new ProtobufFields(bytes); fields.Next();)
        {
            if (Inside(message, fields.Number) is { } inner)
            {
                Collect(inner, fields.Value, locations);
            }
            else if (message == Message.Entry && fields.Number == 1)
            {
                key = fields.Value;
            }
            else if (message == Message.Entry && fields.Number == 2 && key.SequenceEqual("location"u8))
            {
                locations.Add(Encoding.UTF8.GetString(fields.Value));
            }
        }
    }
}
