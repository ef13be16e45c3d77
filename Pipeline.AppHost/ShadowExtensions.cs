using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Pipeline.Contracts.Options;

/// <summary>A second model, where one is given.</summary>
internal static class ShadowExtensions
{
    /// <summary>Inference once more, on a share of the images: nobody waits for it, and its predictions are kept beside those of the first.</summary>
    public static void AddShadow(this IDistributedApplicationBuilder builder, IResourceBuilder<KafkaServerResource> broker, PipelineOptions options)
    {
        if (options.Shadow is not { } model)
        {
            return;
        }

        builder.AddProject<Projects.Pipeline_Inference>("shadow").WithConnectionStringsOnly()
            .WithReference(broker, "kafka").WaitFor(broker)
            .WithEnvironment("Model__Name", model)
            .WithEnvironment("Shadow__Share", options.ShadowShare.ToString(CultureInfo.InvariantCulture))
            .WithTopics(options)
            .WithOptions(TelemetryOptions.Section, options.Telemetry)
            .WithHttpEndpoint().WithProbes();
    }
}
