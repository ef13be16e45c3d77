using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Tests.Support;

/// <summary>
/// A small classifier in the shape of any other, written byte by byte as onnx.proto has it: it takes the mean of each colour and knows five classes
/// by them. Its input is three planes of 224x224 floats, brought to mean and deviation of ImageNet's pictures, and its output logits, as of most
/// exports.
/// </summary>
internal sealed record AModel
{
    public const int Float = 1, Byte = 2, Int32 = 6, Half = 10;

    public static readonly string[] AllLabels = ["red", "green", "blue", "bright", "dark"];

    /// <summary>What is in model.json where nothing but labels has to be said.</summary>
    public const string LabelsCard = """{"labels": ["red", "green", "blue", "bright", "dark"]}""";

    public int Input { get; init; } = Float;

    public int Output { get; init; } = Float;

    /// <summary>0 where it is open; the batch first.</summary>
    public long[] Shape { get; init; } = [0, 3, 224, 224];

    /// <summary>Whether the last dimension of <see cref="Shape"/> is that of the colours.</summary>
    public bool IsNhwc { get; init; }

    public bool HasSoftmax { get; init; }

    public int Classes { get; init; } = AllLabels.Length;

    /// <summary>Its weights in a file beside it.</summary>
    public bool IsInTwoFiles { get; init; }

    public bool HasSecondInput { get; init; }

    /// <summary>The means of the colours.</summary>
    public bool HasSecondOutput { get; init; }

    /// <summary>What comes in is multiplied by this, and <see cref="Offset"/> is added.</summary>
    public float Scale { get; init; } = 1;

    public float Offset { get; init; }

    /// <summary>Its metadata under the name model.json.</summary>
    public string? CardInside { get; init; }

    private byte[] Weights
    {
        get
        {
            float[][] ofColours = [[10, -5, -5, 4, -4], [-5, 10, -5, 4, -4], [-5, -5, 10, 4, -4]];
            return [.. ofColours.SelectMany(row => Enumerable.Range(0, Classes)
                .SelectMany(place => LittleEndian(row[place % row.Length] - place / row.Length)))];
        }
    }

    /// <summary>Writes it into a folder.</summary>
    /// <param name="card">What <c>model.json</c> says; null: there is none.</param>
    /// <returns>The ONNX file.</returns>
    public string Write(string folder, string? card = LabelsCard, string name = "colours.onnx")
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, Onnx());
        if (IsInTwoFiles)
        {
            File.WriteAllBytes(path + ".data", Weights);
        }

        if (card is not null)
        {
            File.WriteAllText(Path.Combine(folder, "model.json"), card);
        }

        return path;
    }

    private byte[] Onnx()
    {
        var nodes = new List<byte[]>();
        var last = "pictures";
        Then("Cast", "as floats", when: Input != Float, attributes: Number("to", Float));
        Then("Transpose", "in planes", when: IsNhwc, attributes: Numbers("perm", 0, 3, 1, 2));
        Then("Mul", "scaled", with: "scale");
        Then("Add", "moved", with: "offset");
        Then("GlobalAveragePool", "means");
        Then("Flatten", "rows");
        Then("MatMul", "logits", with: "weights");
        Then("Softmax", "probabilities", when: HasSoftmax);
        Then("Cast", "halves", when: Output == Half, attributes: Number("to", Half));
        Then("Identity", "scores");

        byte[] graph =
        [
            .. nodes.SelectMany(node => Field(1, node)), .. Field(2, "colours"),
            .. Field(5, Tensor("weights", [3, Classes], Weights, IsInTwoFiles)), .. Field(5, Tensor("scale", [], LittleEndian(Scale))),
            .. Field(5, Tensor("offset", [], LittleEndian(Offset))),
            .. Field(11, Value("pictures", Input, Shape)), .. HasSecondInput ? Field(11, Value("mask", Float, [0])) : [],
            .. Field(12, Value("scores", Output, [Shape[0], Classes])), .. HasSecondOutput ? Field(12, Value("rows", Float, [Shape[0], 3])) : [],
        ];
        return
        [
            .. Field(1, 8), .. Field(7, graph), .. Field(8, Field(2, 13)),
            .. CardInside is { } card ? Field(14, [.. Field(1, "model.json"), .. Field(2, card)]) : [],
        ];

        void Then(string operation, string result, bool when = true, string? with = null, byte[]? attributes = null)
        {
            if (when)
            {
                nodes.Add(
                [
                    .. Field(1, last), .. with is null ? [] : Field(1, with), .. Field(2, result), .. Field(4, operation),
                    .. attributes is null ? [] : Field(5, attributes),
                ]);
                last = result;
            }
        }
    }

    private static byte[] Tensor(string name, int[] shape, byte[] data, bool isOutside = false) =>
    [
        .. shape.SelectMany(length => Field(1, length)), .. Field(2, Float), .. Field(8, name),
        .. isOutside ? [.. Field(13, [.. Field(1, "location"), .. Field(2, "colours.onnx.data")]), .. Field(14, 1)] : Field(9, data),
    ];

    private static byte[] Value(string name, int type, long[] shape)
    {
        byte[] dimensions = [.. shape.SelectMany((length, place) => Field(1, length == 0 ? Field(2, $"d{place}") : Field(1, length)))];
        return [.. Field(1, name), .. Field(2, Field(1, [.. Field(1, type), .. Field(2, dimensions)]))];
    }

    private static byte[] Number(string name, long value) => [.. Field(1, name), .. Field(3, value), .. Field(20, 2)];

    private static byte[] Numbers(string name, params long[] values) =>
        [.. Field(1, name), .. values.SelectMany(value => Field(8, value)), .. Field(20, 7)];

    private static byte[] Field(int number, long value) => [.. Varint(number << 3), .. Varint(value)];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] message) => [.. Varint(number << 3 | 2), .. Varint(message.Length), .. message];

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }

    private static byte[] LittleEndian(float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    }
}
