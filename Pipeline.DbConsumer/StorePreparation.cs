using MongoDB.Driver;
using Pipeline.ServiceDefaults;

namespace Pipeline.DbConsumer;

/// <summary>Before the worker starts: the store answers and has its indexes.</summary>
internal sealed class StorePreparation(IConfiguration configuration, IServiceProvider services) : IStartupStep
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        const string Remedy = $"Start through Pipeline.AppHost, or set ConnectionStrings__{ImageStore.ConnectionName}=mongodb://HOST:PORT/image_database.";
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(ImageStore.ConnectionName)))
        {
            throw new StartupException($"The connection string '{ImageStore.ConnectionName}' is missing.", Remedy);
        }
        try
        {
            await services.GetRequiredService<ImageStore>().EnsureIndexesAsync(cancellationToken);
        }
        catch (MongoConfigurationException malformed)
        {
            throw new StartupException($"The connection string '{ImageStore.ConnectionName}' cannot be used: {malformed.Message}", Remedy, malformed);
        }
    }
}
