using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Http;

namespace Pipeline.Inference.Http.OpenInference;

/// <summary>The model in use as the protocol sees it: a name, a version, tensors. One for each request, so that a request has one model.</summary>
internal sealed class ServedModel(CurrentModel current, HttpRunners runners)
{
    private const string Platform = "onnx_onnxv1";               // the protocol's word for ONNX in its current form

    private readonly ImageClassifier _classifier = current.Classifier;

    public string Name => _classifier.ModelName;

    public string Version => _classifier.ModelVersion;

    public TensorDescription Input => new(_classifier.Signature.InputName, _classifier.Signature.InputType, _classifier.Signature.ShapeOf(1)[1..]);

    public TensorDescription Output => new(_classifier.Signature.OutputName, _classifier.Signature.OutputType, _classifier.Labels.Count);

    public ModelMetadata Metadata =>
        new(Name, [Version], Platform, [Input.Metadata()], [Output.Metadata(new TensorParameters(_classifier.Labels))]);

    /// <summary>Answers an inference request.</summary>
    /// <inheritdoc cref="Check"/>
    public async Task<InferResponse> InferAsync(string name, string? version, HttpRequest http, CancellationToken cancellationToken)
    {
        Check(name, version);
        var body = await http.ReadBodyAsync(cancellationToken);
        var request = InferRequestReader.Read(this, body, http.Headers[InferResponse.JsonLengthHeader]);
        var rows = await runners.RunAsync(_classifier, request.Tensor, cancellationToken)
            ?? throw new RequestRefusedException(Busy.Reason, Busy.StatusCode);
        return new InferResponse(this, request, rows);
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

    /// <summary>Takes what the model's files are now.</summary>
    /// <inheritdoc cref="Check"/>
    public async Task LoadAsync(string name, CancellationToken cancellationToken)
    {
        Check(name, version: null);
        try
        {
            await current.ReloadAsync(cancellationToken);
        }
        catch (StartupException unfit)
        {
            throw new RequestRefusedException(unfit.Message);
        }
    }
}
