using System.Text;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>Where DbConsumer puts documents.</summary>
internal static class Stored
{
    /// <summary>The collection in the database that the connection string names.</summary>
    public static IMongoCollection<StoredImage> CollectionOf(IServiceProvider services) =>
        CollectionOf(services.GetService<IMongoDatabase>() ?? services.GetRequiredService<IMongoClient>().GetDatabase(StoredImage.Database));

    /// <summary>Text that is no UTF-8 is shown with replacements: strangers write here too.</summary>
    public static IMongoCollection<StoredImage> CollectionOf(IMongoDatabase database) =>
        database.GetCollection<StoredImage>(StoredImage.Collection, new MongoCollectionSettings { ReadEncoding = new UTF8Encoding(false, throwOnInvalidBytes: false) });
}
