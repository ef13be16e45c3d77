using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Inference.Http.OpenInference;

/// <summary>The model as the protocol sees it: a name, a version, tensors.</summary>
internal sealed class ServedModel(ImageClassifier classifier, HttpRunners runners)
{
    /// <summary>Most images of one request: some 60 ms of a core.</summary>
    public const int MaxImages = 128;

    public const string InputType = "UINT8";
    public const string OutputType = "FP32";

    /// <summary>For people.</summary>
    public static readonly string InputShape =
        $"[N, {Rgb24.ImageHeight}, {Rgb24.ImageWidth}, {Rgb24.BytesPerPixel}] with N from 1 to {MaxImages}";

    private const string Platform = "onnx_onnxv1";               // the protocol's word for ONNX in its current form
    private const int Free = -1;

    public string Name => classifier.ModelName;

    public string Version => classifier.ModelVersion;

    public ModelMetadata Metadata { get; } = new(
        classifier.ModelName, [classifier.ModelVersion], Platform,
        [new(ImageClassifier.InputName, InputType, [Free, Rgb24.ImageHeight, Rgb24.ImageWidth, Rgb24.BytesPerPixel])],
        [new(ImageClassifier.OutputName, OutputType, [Free, Labels.All.Count])]);

    /// <summary>Answers an inference request.</summary>
    /// <inheritdoc cref="Check"/>
    public async Task<InferResponse> InferAsync(string name, string? version, HttpRequest http, CancellationToken cancellationToken)
    {
        Check(name, version);
        var body = await RequestBody.ReadAsync(http, cancellationToken);
        var request = InferRequestReader.Read(body, http.Headers[InferResponse.JsonLengthHeader]);
        var probabilities = await runners.RunAsync(request.Pixels, cancellationToken)
            ?? throw new RequestRefusedException(Busy.Reason, Busy.StatusCode);
        return new InferResponse(this, request, probabilities);
    }

    /// <param name="name">As in the request's path.</param>
    /// <param name="version">Null where the path names none.</param>
    /// <exception cref="RequestRefusedException">It is another's.</exception>
    public void Check(string name, string? version)
    {
        if (name != Name || (version is not null && version != Version))
        {
            throw new RequestRefusedException(
                $"There is no model '{name}'{(version is null ? "" : $" in version '{version}'")}; this server has '{Name}' in version '{Version}'.",
                StatusCodes.Status404NotFound);
        }
    }
}
