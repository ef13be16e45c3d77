using System.Net.Mime;
using Microsoft.OpenApi;
using Pipeline.Inference.Http.OpenInference;

namespace Pipeline.Inference.Http;

/// <summary>
/// Bodies for <c>/openapi/v1.json</c> that no type of ours stands for. Description only: metadata that names what an endpoint
/// accepts would have the server refuse <c>curl -d</c>, which calls its JSON a form.
/// </summary>
internal static class BodyDescriptions
{
    private static readonly OpenApiSchema Text = new() { Type = JsonSchemaType.String };
    private static readonly OpenApiSchema File = new() { Type = JsonSchemaType.String, Format = "binary" };
    private static readonly OpenApiSchema Integer = new() { Type = JsonSchemaType.Integer };
    private static readonly OpenApiSchema Any = new();
    private static readonly OpenApiSchema Object = new() { Type = JsonSchemaType.Object };

    private static readonly OpenApiSchema Tensor = ObjectOf(
        ("name", Text), ("datatype", Text), ("shape", ArrayOf(Integer)), ("parameters", Object), ("data", ArrayOf(Any)));

    private static readonly OpenApiSchema Request = ObjectOf(
        ("id", Text), ("parameters", Object), ("inputs", ArrayOf(Tensor)), ("outputs", ArrayOf(ObjectOf(("name", Text), ("parameters", Object)))));

    private static readonly OpenApiSchema Response = ObjectOf(("model_name", Text), ("model_version", Text), ("id", Text), ("outputs", ArrayOf(Tensor)));

    public static RouteHandlerBuilder DescribePictureBody(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = Body("A picture", new()
        {
            [MediaTypeNames.Application.Json] = new() { Schema = ObjectOf(("image", new() { Type = JsonSchemaType.String, Description = "base64 of the file" })) },
            [MediaTypeNames.Multipart.FormData] = new() { Schema = ObjectOf(("image", File)) },
            ["image/*"] = new() { Schema = File },
            [MediaTypeNames.Application.Octet] = new() { Schema = File },
        });
        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder DescribeTensors(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
    {
        var model = context.ApplicationServices.GetRequiredService<ServedModel>();
        operation.Parameters = [.. operation.Parameters ?? [], new OpenApiParameter
        {
            Name = InferResponse.JsonLengthHeader,
            In = ParameterLocation.Header,
            Schema = Integer,
            Description = "Where the JSON ends, when the tensor follows it as bytes",
        }];
        operation.RequestBody = Body($"The tensor {model.Input.Name}: {model.Input.Datatype} {model.Input.ShapeText}", Contents(Request));
        operation.Responses![$"{StatusCodes.Status200OK}"] = new OpenApiResponse
        {
            Description = $"The tensor {model.Output.Name}: {model.Output.Datatype}",
            Content = Contents(Response),
        };
        return Task.CompletedTask;
    });

    private static OpenApiRequestBody Body(string description, Dictionary<string, OpenApiMediaType> content) =>
        new() { Description = description, Content = content, Required = true };

    private static Dictionary<string, OpenApiMediaType> Contents(OpenApiSchema json) => new()
    {
        [MediaTypeNames.Application.Json] = new() { Schema = json },
        [MediaTypeNames.Application.Octet] = new() { Schema = File },
    };

    private static OpenApiSchema ArrayOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema ObjectOf(params (string Name, OpenApiSchema Schema)[] properties) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = properties.ToDictionary(property => property.Name, IOpenApiSchema (property) => property.Schema),
    };
}
