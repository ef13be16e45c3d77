using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Which elements of an array an update's <c>$[name]</c> stands for.</summary>
public abstract class ArrayFilterDefinition
{
    private protected ArrayFilterDefinition() { }

    internal abstract BsonDocument Render();

    public static implicit operator ArrayFilterDefinition(BsonDocument document) => new Rendered(document ?? throw new ArgumentNullException(nameof(document)));

    public static implicit operator ArrayFilterDefinition(string json) => new Rendered(BsonDocument.Parse(json));

    private sealed class Rendered(BsonDocument document) : ArrayFilterDefinition
    {
        internal override BsonDocument Render() => document;
    }
}
