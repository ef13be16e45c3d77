namespace Pipeline.Inference.Http.OpenInference;

/// <summary>The model as the protocol sees it: a name, a version, tensors.</summary>
internal sealed class ServedModel(ImageClassifier classifier, HttpRunners runners)
{
    private const string Platform = "onnx_onnxv1";               // the protocol's word for ONNX in its current form

    public string Name => classifier.ModelName;

    public string Version => classifier.ModelVersion;

    public TensorDescription Input { get; } =
        new(classifier.Signature.InputName, classifier.Signature.InputType, classifier.Signature.ShapeOf(1)[1..]);

    public TensorDescription Output { get; } = new(classifier.Signature.OutputName, classifier.Signature.OutputType, classifier.Labels.Count);

    public ModelMetadata Metadata =>
        new(Name, [Version], Platform, [Input.Metadata()], [Output.Metadata(new TensorParameters(classifier.Labels))]);

    /// <summary>Answers an inference request.</summary>
    /// <inheritdoc cref="Check"/>
    public async Task<InferResponse> InferAsync(string name, string? version, HttpRequest http, CancellationToken cancellationToken)
    {
        Check(name, version);
        var body = await RequestBody.ReadAsync(http, cancellationToken);
        var request = InferRequestReader.Read(this, body, http.Headers[InferResponse.JsonLengthHeader]);
        var rows = await runners.RunAsync(request.Tensor, cancellationToken)
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
}
