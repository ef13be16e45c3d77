using Embedded.Aspire.Dashboard.Live;

namespace Embedded.Aspire.Dashboard.Resources;

internal static class ResourceServices
{
    /// <summary>What the AppHost tells of its resources.</summary>
    public static void AddResources(this IServiceCollection services)
    {
        services.AddSingleton<ResourceClient>();
        services.AddSingleton<ResourceBoard>();
        services.AddHostedService<ResourceWatcher>();
        services.AddSingleton(provider => new LiveTopic("resources", () => provider.GetRequiredService<ResourceBoard>().Version));
    }
}
