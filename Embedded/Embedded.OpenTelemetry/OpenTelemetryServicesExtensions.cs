using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The one entry point of OpenTelemetry.Extensions.Hosting, for registries that lack the package.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>Adds the OpenTelemetry SDK to the services; its providers start and stop with the host.</summary>
    /// <remarks>Safe to call from several libraries: there is one SDK per host, and each call adds to it.</remarks>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>());
        return new OpenTelemetryBuilder(services);
    }
}
