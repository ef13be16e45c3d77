using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>A command and the type of its result.</summary>
public abstract class Command<TResult>
{
    private protected Command() { }

    internal abstract BsonDocument Render();

    public static implicit operator Command<TResult>(BsonDocument document) => new Rendered(document ?? throw new ArgumentNullException(nameof(document)));

    public static implicit operator Command<TResult>(string json) => new Rendered(BsonDocument.Parse(json));

    private sealed class Rendered(BsonDocument document) : Command<TResult>
    {
        internal override BsonDocument Render() => document;
    }
}
