using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Integrations;

/// <summary>An application that is declared and not started.</summary>
internal static class AModel
{
    public static IDistributedApplicationBuilder New(params string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
        builder.Services.AddLogging(logging => logging.ClearProviders());
        return builder;
    }

    /// <summary>The variables of a resource, as expressions: what they refer to need not exist yet.</summary>
    public static async Task<Dictionary<string, string>> VariablesAsync(
        IResource resource, DistributedApplicationOperation operation = DistributedApplicationOperation.Run)
    {
        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(operation), resource);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(
            variable => variable.Key, variable => variable.Value is IManifestExpressionProvider value ? value.ValueExpression : $"{variable.Value}");
    }

    /// <summary>Name and value of each connection property, in their order.</summary>
    public static IEnumerable<string> Properties(IResourceWithConnectionString resource) =>
        resource.GetConnectionProperties().Select(property => $"{property.Key}={property.Value.ValueExpression}");

    public static T Annotation<T>(IResource resource) => Assert.Single(resource.Annotations.OfType<T>());

    /// <summary>What the application publishes, as <c>dotnet run -- --publisher manifest</c> does.</summary>
    public static async Task<JsonNode> ManifestAsync(Action<IDistributedApplicationBuilder> declare)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "manifest.json");
        var builder = New("--publisher", "manifest", "--output-path", file);
        declare(builder);
        await using var app = builder.Build();
        await app.RunAsync(TestContext.Current.CancellationToken);
        return JsonNode.Parse(await File.ReadAllTextAsync(file))!["resources"]!;
    }

    public static void AssertJson(string expected, JsonNode? actual) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual!.ToJsonString());
}
