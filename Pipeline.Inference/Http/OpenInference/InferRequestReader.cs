using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pipeline.Inference.Http.OpenInference;

/// <summary>
/// Reads an inference request: a JSON object, and behind it, where it says so, the tensor's bytes. Fields come in any order, and each
/// is checked where it stands: nothing is allocated for a tensor before its name, type, shape and size are known to be right.
/// </summary>
/// <remarks>
/// Unknown fields and parameters are skipped, except where another answer is asked for than would be given; null counts as missing.
/// Sources: Open Inference Protocol, HTTP/REST; Triton's binary tensor data extension.
/// </remarks>
internal ref struct InferRequestReader
{
    private const int MaxShownCharacters = 60;

    private readonly TensorDescription _input;
    private readonly TensorDescription _output;
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;                          // what reads a value begins on its first token and ends on its last

    private string? _id;
    private int _inputs;
    private int _outputs;
    private int _images;
    private long? _binaryBytes;
    private ReadOnlySpan<byte> _numbers;                     // the tensor as JSON text
    private bool _isBinaryDefault;
    private bool? _isBinaryWanted;

    private InferRequestReader(ServedModel model, ReadOnlySpan<byte> json)
    {
        (_input, _output) = (model.Input, model.Output);
        _json = json;
        _reader = new Utf8JsonReader(json);
    }

    /// <param name="model">Whose tensors it must be.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="jsonLength">The header <see cref="InferResponse.JsonLengthHeader"/>; null or empty when all of the body is JSON.</param>
    /// <exception cref="RequestRefusedException">What is wrong, and what is needed.</exception>
    public static InferRequest Read(ServedModel model, ReadOnlyMemory<byte> body, string? jsonLength)
    {
        var (json, binary) = Split(body, jsonLength);
        var reader = new InferRequestReader(model, json.Span);
        try
        {
            reader.ReadRequest();
            return new InferRequest(reader._id, reader.TakeTensor(binary), reader._isBinaryWanted ?? reader._isBinaryDefault);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)     // the latter: text that is not UTF-8
        {
            throw new RequestRefusedException($"The request must be a JSON object: {broken.Message}");
        }
    }

    private static (ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Binary) Split(ReadOnlyMemory<byte> body, string? jsonLength)
    {
        if (string.IsNullOrEmpty(jsonLength))
        {
            return (body, default);
        }

        return int.TryParse(jsonLength, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0 && length <= body.Length
            ? (body[..length], body[length..])
            : throw new RequestRefusedException(
                $"{InferResponse.JsonLengthHeader} must be the length of the JSON, 1 to {body.Length} bytes, and is '{Shortened(jsonLength)}'.");
    }

    private void ReadRequest()
    {
        _reader.Read();
        Expect(JsonTokenType.StartObject, "The request", "an object");
        while (NextField(out var field))
        {
            switch (field)
            {
                case "id":
                    Expect(JsonTokenType.String, "id", "a string");
                    _id = _reader.GetString();
                    break;
                case "inputs":
                    Expect(JsonTokenType.StartArray, "inputs", "an array");
                    while (NextItem())
                    {
                        ReadInput();
                    }
                    break;
                case "outputs":
                    Expect(JsonTokenType.StartArray, "outputs", "an array");
                    while (NextItem())
                    {
                        ReadOutput();
                    }
                    break;
                case "parameters":
                    ReadParameters();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }
        while (_reader.Read()) { }                           // anything after the object is an error, which this finds
    }

    private void ReadParameters()
    {
        Expect(JsonTokenType.StartObject, "parameters", "an object");
        while (NextField(out var parameter))
        {
            if (parameter == "binary_data_output")
            {
                _isBinaryDefault = Bool(parameter);
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadInput()
    {
        Expect(JsonTokenType.StartObject, "An input", "an object");
        if (++_inputs > 1)
        {
            throw new RequestRefusedException($"The model has one input, {_input.Name}, and inputs has more.");
        }

        var (isNamed, isTyped) = (false, false);
        while (NextField(out var field))
        {
            switch (field)
            {
                case "name":
                    isNamed = ExpectText("The input's name", _input.Name);
                    break;
                case "datatype":
                    isTyped = ExpectText($"The datatype of {_input.Name}", _input.Datatype);
                    break;
                case "shape":
                    _images = ReadImageCount();
                    break;
                case "data":
                    Expect(JsonTokenType.StartArray, $"data of {_input.Name}", "an array");
                    _numbers = ValueText();
                    _reader.Skip();
                    break;
                case "parameters":
                    ReadInputParameters();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }
        if (!isNamed || !isTyped || _images == 0)
        {
            throw new RequestRefusedException($"An input needs name, datatype and shape: {_input.Name}, {_input.Datatype}, {_input.ShapeText}.");
        }
    }

    /// <summary>The first dimension of the shape, after a look at the others.</summary>
    private int ReadImageCount()
    {
        var written = ValueText();
        Span<int> shape = stackalloc int[4];
        var rank = 0;
        if (_reader.TokenType == JsonTokenType.StartArray)
        {
            while (NextItem() && rank < shape.Length && _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out shape[rank]))
            {
                rank++;
            }
        }
        return rank == shape.Length && _reader.TokenType == JsonTokenType.EndArray
            && shape[0] is >= 1 and <= TensorDescription.MaxImages && shape[1..].SequenceEqual(_input.Shape)
            ? shape[0]
            : throw new RequestRefusedException($"The shape of {_input.Name} must be {_input.ShapeText}, and is {Shortened(written)}.");
    }

    private void ReadInputParameters()
    {
        Expect(JsonTokenType.StartObject, "parameters", "an object");
        while (NextField(out var parameter))
        {
            if (parameter == "binary_data_size")
            {
                Expect(JsonTokenType.Number, parameter, "a number");
                _binaryBytes = _reader.TryGetInt64(out var bytes) ? bytes : -1;
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadOutput()
    {
        Expect(JsonTokenType.StartObject, "An output", "an object");
        if (++_outputs > 1)
        {
            throw new RequestRefusedException($"The model has one output, {_output.Name}, and outputs has more.");
        }

        var isNamed = false;
        while (NextField(out var field))
        {
            switch (field)
            {
                case "name":
                    isNamed = ExpectText("The output's name", _output.Name);
                    break;
                case "parameters":
                    ReadOutputParameters();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }
        if (!isNamed)
        {
            throw new RequestRefusedException($"An output needs a name: {_output.Name}.");
        }
    }

    private void ReadOutputParameters()
    {
        Expect(JsonTokenType.StartObject, "parameters", "an object");
        while (NextField(out var parameter))
        {
            switch (parameter)
            {
                case "binary_data":
                    _isBinaryWanted = Bool(parameter);
                    break;
                case "classification" or "shared_memory_region":
                    throw new RequestRefusedException($"{parameter} is not done here; ask for {_output.Name} as {_output.Datatype}, without it.");
                default:
                    _reader.Skip();
                    break;
            }
        }
    }

    private readonly ReadOnlyMemory<byte> TakeTensor(ReadOnlyMemory<byte> binary)
    {
        if (_inputs == 0)
        {
            throw new RequestRefusedException($"inputs is missing: {_input.Name}, {_input.Datatype}, {_input.ShapeText}.");
        }

        if (_numbers.IsEmpty == _binaryBytes is null)
        {
            throw new RequestRefusedException($"{_input.Name} needs either data or the parameter binary_data_size.");
        }

        var bytes = (long)_images * _input.Elements * _input.ElementBytes;
        if ((_binaryBytes ?? 0) != binary.Length || (_binaryBytes ?? bytes) != bytes)
        {
            throw new RequestRefusedException(
                $"{_images} images are {bytes} bytes; binary_data_size says {_binaryBytes?.ToString(CultureInfo.InvariantCulture) ?? "nothing"},"
                + $" and {binary.Length} bytes follow the JSON, whose own length {InferResponse.JsonLengthHeader} must give.");
        }
        return _binaryBytes is null ? ReadNumbers() : binary;
    }

    /// <summary>Row by row, in nested arrays or in one.</summary>
    private readonly byte[] ReadNumbers()
    {
        var (needed, count) = ((long)_images * _input.Elements, 0);
        var tensor = new byte[Math.Min(needed, _numbers.Length) * _input.ElementBytes];      // each takes a character at least, whatever the shape promises
        for (var reader = new Utf8JsonReader(_numbers); reader.Read();)
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
            {
                continue;
            }

            if (count == needed)
            {
                throw new RequestRefusedException($"data of {_input.Name} must have {needed} numbers, and has more.");
            }

            if (!TryWrite(ref reader, tensor.AsSpan(count++ * _input.ElementBytes)))
            {
                throw new RequestRefusedException(
                    $"data of {_input.Name} must be {(_input.Type == TensorElementType.UInt8 ? "whole numbers from 0 to 255" : "numbers")}, and number {count} is another.");
            }
        }

        return count == needed
            ? tensor
            : throw new RequestRefusedException($"data of {_input.Name} must have {needed} numbers, and has {count}.");
    }

    private readonly bool TryWrite(ref Utf8JsonReader reader, Span<byte> to)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return false;
        }

        if (_input.Type == TensorElementType.UInt8)
        {
            return reader.TryGetByte(out to[0]);
        }

        var isRead = reader.TryGetSingle(out var value);
        if (_input.Type == TensorElementType.Float16)
        {
            BinaryPrimitives.WriteHalfLittleEndian(to, (Half)value);
        }
        else
        {
            BinaryPrimitives.WriteSingleLittleEndian(to, value);
        }

        return isRead;
    }

    /// <summary>Goes to the value of the next field that has one; false at the object's end.</summary>
    private bool NextField([NotNullWhen(true)] out string? name)
    {
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            name = _reader.GetString()!;
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.Null)
            {
                return true;
            }
        }
        name = null;
        return false;
    }

    private bool NextItem() => _reader.Read() && _reader.TokenType != JsonTokenType.EndArray;

    private bool Bool(string parameter) => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new RequestRefusedException($"{parameter} must be true or false, and is {Shortened(ValueText())}."),
    };

    private readonly void Expect(JsonTokenType type, string what, string needed)
    {
        if (_reader.TokenType != type)
        {
            throw new RequestRefusedException($"{what} must be {needed}, and is {Shortened(ValueText())}.");
        }
    }

    private readonly bool ExpectText(string what, string needed) => _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals(needed)
        ? true
        : throw new RequestRefusedException($"{what} must be {needed}, and is {Shortened(ValueText())}.");

    /// <summary>The current value as it is written.</summary>
    private readonly ReadOnlySpan<byte> ValueText()
    {
        var at = _reader;
        at.Skip();
        return _json[(int)_reader.TokenStartIndex..(int)at.BytesConsumed];
    }

    private static string Shortened(ReadOnlySpan<byte> json) => Shortened(Encoding.UTF8.GetString(json[..Math.Min(json.Length, 2 * MaxShownCharacters)]));

    private static string Shortened(string text) => text.Length <= MaxShownCharacters ? text : string.Concat(text.AsSpan(0, MaxShownCharacters), "…");
}
