using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;

namespace Aspire.Hosting;

/// <summary>The forms in which telemetry travels.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP.</summary>
    HttpProtobuf,
}

/// <summary>Has resources send their telemetry to the dashboard.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Tells the resource where telemetry goes and under which name; projects are told without asking.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder) where T : IResourceWithEnvironment =>
        WithExporter(builder, required: null);

    /// <summary>Tells the resource where telemetry goes, for a program that speaks one protocol only.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment => WithExporter(builder, protocol);

    private static IResourceBuilder<T> WithExporter<T>(IResourceBuilder<T> builder, OtlpProtocol? required) where T : IResourceWithEnvironment
    {
        var isFirst = !builder.Resource.HasAnnotationOfType<OtlpExporterAnnotation>();
        builder.WithAnnotation(new OtlpExporterAnnotation { RequiredProtocol = required }, ResourceAnnotationMutationBehavior.Replace);
        var application = builder.ApplicationBuilder;
        return isFirst
            ? builder.WithEnvironment(context => OtlpEnvironment.Apply(context, application.Configuration, application.Environment))
            : builder;
    }
}
