using MongoDB.Driver;
using Pipeline.Contracts.Stored;
using Pipeline.ServiceDefaults;

namespace Pipeline.Analytics;

/// <summary>Before anything is served: the store answers. One that goes away later is a 503, and no reason to stop.</summary>
internal sealed class StoreCheck(IConfiguration configuration, IServiceProvider services) : IStartupStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        const string Remedy = $"Start it, or set ConnectionStrings__{StoredImage.ConnectionName}=mongodb://HOST:PORT/{StoredImage.Database}.";
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(StoredImage.ConnectionName)))
        {
            throw new StartupException($"The connection string '{StoredImage.ConnectionName}' is missing.", Remedy);
        }
        try
        {
            var images = services.GetRequiredService<IMongoCollection<StoredImage>>();
            await images.Find(FilterDefinition<StoredImage>.Empty).Project(image => image.Id)
                .FirstOrDefaultAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception away) when (away is MongoException or TimeoutException)
        {
            throw new StartupException($"MongoDB does not answer ({away.Message.Split('\n')[0].TrimEnd()}).", Remedy, away);
        }
    }
}
