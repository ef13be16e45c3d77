using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pipeline.Inference.Http.OpenInference;

/// <summary>The answer to an inference request: a JSON object, and behind it the model's output as bytes where it was asked for so.</summary>
internal sealed class InferResponse(ServedModel model, InferRequest request, float[] rows) : IResult
{
    /// <summary>Where the JSON ends and bytes begin, in requests and answers.</summary>
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private readonly TensorDescription _output = model.Output;

    private int BinaryBytes => rows.Length * _output.ElementBytes;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new ArrayBufferWriter<byte>();
        WriteJson(body);
        var response = httpContext.Response;
        response.ContentType = MediaTypeNames.Application.Json;
        if (request.IsBinaryWanted)
        {
            response.ContentType = MediaTypeNames.Application.Octet;
            response.Headers[JsonLengthHeader] = body.WrittenCount.ToString(CultureInfo.InvariantCulture);
            WriteBinary(body);
        }
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }

    private void WriteJson(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("model_name", model.Name);
        json.WriteString("model_version", model.Version);
        if (request.Id is not null)
        {
            json.WriteString("id", request.Id);
        }
        json.WriteStartArray("outputs");
        json.WriteStartObject();
        json.WriteString("name", _output.Name);
        json.WriteString("datatype", _output.Datatype);
        json.WriteStartArray("shape");
        json.WriteNumberValue(rows.Length / _output.Elements);
        json.WriteNumberValue(_output.Elements);
        json.WriteEndArray();
        if (request.IsBinaryWanted)
        {
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", BinaryBytes);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data");
            foreach (var number in rows)
            {
                if (float.IsFinite(number))
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    json.WriteNullValue();                   // JSON has no other
                }
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Little-endian, whatever this machine is.</summary>
    private void WriteBinary(ArrayBufferWriter<byte> body)
    {
        var bytes = body.GetSpan(BinaryBytes);
        foreach (var number in rows)
        {
            if (_output.Type == TensorElementType.Float16)
            {
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)number);
            }
            else
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
            }

            bytes = bytes[_output.ElementBytes..];
        }
        body.Advance(BinaryBytes);
    }
}
