using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.ServiceDefaults;

namespace Pipeline.Analytics;

/// <summary>Before anything is served: the store answers. One that goes away later is a 503, and no reason to stop.</summary>
internal sealed class StoreCheck(IConfiguration configuration, IServiceProvider services) : IStartupStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        const string Remedy = $"Start it, or set ConnectionStrings__{Stored.ConnectionName}=mongodb://HOST:PORT/{Stored.Database}.";
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(Stored.ConnectionName)))
        {
            throw new StartupException($"The connection string '{Stored.ConnectionName}' is missing.", Remedy);
        }
        try
        {
            var images = services.GetRequiredService<IMongoCollection<BsonDocument>>();
            await images.Find(FilterDefinition<BsonDocument>.Empty).Project(Builders<BsonDocument>.Projection.Include("_id"))
                .FirstOrDefaultAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception away) when (away is MongoException or TimeoutException)
        {
            throw new StartupException($"MongoDB does not answer ({away.Message.Split('\n')[0].TrimEnd()}).", Remedy, away);
        }
    }
}
