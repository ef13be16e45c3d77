using MongoDB.Driver;
using Pipeline.Contracts.Stored;
using Pipeline.ServiceDefaults;

namespace Pipeline.DbConsumer;

/// <summary>Before the worker starts: the store answers and has its indexes.</summary>
internal sealed class StorePreparation(IConfiguration configuration, IServiceProvider services) : IStartupStep
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        const string Remedy = $"Start through Pipeline.AppHost, or set ConnectionStrings__{StoredImage.ConnectionName}=mongodb://HOST:PORT/image_database.";
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(StoredImage.ConnectionName)))
        {
            throw new StartupException($"The connection string '{StoredImage.ConnectionName}' is missing.", Remedy);
        }
        try
        {
            await services.GetRequiredService<ImageStore>().EnsureIndexesAsync(cancellationToken);
        }
        catch (MongoConfigurationException malformed)
        {
            throw new StartupException($"The connection string '{StoredImage.ConnectionName}' cannot be used: {malformed.Message}", Remedy, malformed);
        }
    }
}
