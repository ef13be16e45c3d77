namespace Pipeline.Inference.Http.OpenInference;

/// <summary>
/// The Open Inference Protocol (KServe's V2) over HTTP, with binary tensors: any of its clients can ask this model.
/// The server listens only once the model is warm, so who answers is ready.
/// </summary>
internal static class OpenInferenceEndpoints
{
    private static readonly ServerMetadata Server = new(
        "pipeline-inference", typeof(OpenInferenceEndpoints).Assembly.GetName().Version!.ToString(3), ["binary_tensor_data", "model_repository"]);

    public static void MapOpenInference(this IEndpointRouteBuilder app)
    {
        var v2 = app.MapGroup("/v2").WithTags("Open Inference Protocol").AddEndpointFilter(AnswerRefusalsAsync);
        v2.MapGet("", () => Server).WithSummary("What this server can do");
        v2.MapGet("/health/live", () => new ServerLive(true)).WithSummary("Whether this server answers");
        v2.MapGet("/health/ready", () => new ServerReady(true)).WithSummary("Whether the model is loaded and warm");

        // The version may be left out of every path.
        v2.MapGet("/models/{name}", (string name, ServedModel model) => Metadata(model, name, version: null)).AboutTensors();
        v2.MapGet("/models/{name}/versions/{version}", (string name, string version, ServedModel model) => Metadata(model, name, version)).AboutTensors();
        v2.MapGet("/models/{name}/ready", (string name, ServedModel model) => Ready(model, name, version: null)).AboutReadiness();
        v2.MapGet("/models/{name}/versions/{version}/ready", (string name, string version, ServedModel model) => Ready(model, name, version)).AboutReadiness();
        v2.MapPost("/models/{name}/infer",
            (string name, HttpRequest request, ServedModel model, CancellationToken cancellationToken) =>
                model.InferAsync(name, version: null, request, cancellationToken)).TakeTensor();
        v2.MapPost("/models/{name}/versions/{version}/infer",
            (string name, string version, HttpRequest request, ServedModel model, CancellationToken cancellationToken) =>
                model.InferAsync(name, version, request, cancellationToken)).TakeTensor();

        v2.MapPost("/repository/index", (ServedModel model) => (RepositoryEntry[])[new(model.Name, model.Version, "READY", Reason: "")])
            .WithSummary("The model that is in use");
        v2.MapPost("/repository/models/{name}/load", (string name, ServedModel model, CancellationToken cancellationToken) => model.LoadAsync(name, cancellationToken))
            .WithSummary("Takes what the model's files are now; the model in use stays where they do not fit")
            .Produces<ErrorAnswer>(StatusCodes.Status400BadRequest)
            .Produces<ErrorAnswer>(StatusCodes.Status404NotFound);
    }

    private static ModelMetadata Metadata(ServedModel model, string name, string? version)
    {
        model.Check(name, version);
        return model.Metadata;
    }

    private static ModelReady Ready(ServedModel model, string name, string? version)
    {
        model.Check(name, version);
        return new ModelReady(model.Name, true);
    }

    private static void AboutTensors(this RouteHandlerBuilder endpoint) =>
        endpoint.WithSummary("The tensors that the model takes and gives").Produces<ErrorAnswer>(StatusCodes.Status404NotFound);

    private static void AboutReadiness(this RouteHandlerBuilder endpoint) =>
        endpoint.WithSummary("Whether the model is there").Produces<ErrorAnswer>(StatusCodes.Status404NotFound);

    private static void TakeTensor(this RouteHandlerBuilder endpoint) => endpoint.BoundBody()
        .WithSummary("Tensors in, tensors out").DescribeTensors()
        .Produces<ErrorAnswer>(StatusCodes.Status400BadRequest)
        .Produces<ErrorAnswer>(StatusCodes.Status404NotFound)
        .Produces<ErrorAnswer>(StatusCodes.Status413PayloadTooLarge)
        .Produces<ErrorAnswer>(Busy.StatusCode);

    /// <summary>The one place where a refusal becomes an answer.</summary>
    private static async ValueTask<object?> AnswerRefusalsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RequestRefusedException refused)
        {
            if (refused.StatusCode == Busy.StatusCode)
            {
                Busy.SetRetryAfter(context.HttpContext.Response);
            }
            return TypedResults.Json(new ErrorAnswer(refused.Message), statusCode: refused.StatusCode);
        }
        catch (BadHttpRequestException unreadable)
        {
            return TypedResults.Json(new ErrorAnswer(RequestBody.Describe(unreadable)), statusCode: unreadable.StatusCode);
        }
    }
}
