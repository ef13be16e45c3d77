namespace MongoDB.Driver;

/// <summary>What a write does.</summary>
public enum WriteModelType
{
    InsertOne,
    DeleteOne,
    DeleteMany,
    ReplaceOne,
    UpdateOne,
    UpdateMany,
}
