using Embedded.Aspire.Dashboard.Live;

namespace Embedded.Aspire.Dashboard.Resources;

internal static class ResourceServices
{
    /// <summary>What the AppHost tells of its resources.</summary>
    public static void AddResources(this IServiceCollection services)
    {
        services.AddSingleton<ResourceClient>();
        services.AddSingleton<ResourceBoard>();
        services.AddSingleton<SeenErrors>();
        services.AddHostedService<ResourceWatcher>();
        services.AddSingleton(provider =>
        {
            var (board, errors) = (provider.GetRequiredService<ResourceBoard>(), provider.GetRequiredService<SeenErrors>());
            return new LiveTopic("resources", () => HashCode.Combine(board.Version, errors.Total()));
        });
    }
}
