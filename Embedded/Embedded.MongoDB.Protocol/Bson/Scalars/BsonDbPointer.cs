using Embedded.MongoDB.Protocol.Bson;

namespace MongoDB.Bson;

/// <summary>A deprecated reference. The public API has no name for it; it is kept so that what was read can be written again.</summary>
internal sealed class BsonDbPointer(string @namespace, ObjectId id) : BsonValue
{
    public override BsonType BsonType => BsonLayout.DbPointer;

    public string Namespace => @namespace;

    public ObjectId Id => id;

    public override string ToString() => $"DBPointer({@namespace}, {id})";
}
