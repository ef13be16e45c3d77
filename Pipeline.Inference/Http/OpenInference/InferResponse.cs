using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Pipeline.Contracts;

namespace Pipeline.Inference.Http.OpenInference;

/// <summary>The answer to an inference request: a JSON object, and behind it the probabilities as bytes where they were asked for so.</summary>
internal sealed class InferResponse(ServedModel model, InferRequest request, float[] probabilities) : IResult
{
    /// <summary>Where the JSON ends and bytes begin, in requests and answers.</summary>
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private int BinaryBytes => probabilities.Length * sizeof(float);

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
        json.WriteString("name", ImageClassifier.OutputName);
        json.WriteString("datatype", ServedModel.OutputType);
        json.WriteStartArray("shape");
        json.WriteNumberValue(probabilities.Length / Labels.All.Count);
        json.WriteNumberValue(Labels.All.Count);
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
            foreach (var probability in probabilities)
            {
                json.WriteNumberValue(probability);
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
        for (var i = 0; i < probabilities.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * sizeof(float))..], probabilities[i]);
        }
        body.Advance(BinaryBytes);
    }
}
