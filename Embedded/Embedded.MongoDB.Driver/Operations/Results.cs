using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Documents and values as the types that callers ask for. Classes are not mapped.</summary>
internal static class Results
{
    /// <summary>Refuses a type that documents cannot become, when it is first named and not when the first document comes.</summary>
    /// <exception cref="BsonSerializationException">Not <see cref="BsonDocument"/>.</exception>
    public static Func<BsonDocument, T> Converter<T>() => typeof(T).IsAssignableFrom(typeof(BsonDocument))
        ? document => (T)(object)document
        : throw new BsonSerializationException($"{typeof(T)} is not mapped here; use BsonDocument.");

    public static BsonDocument ToDocument<T>(T value) => value.ToBsonDocument();

    /// <summary>One value, as in the result of distinct.</summary>
    public static T Value<T>(BsonValue value)
    {
        if (value is T same)
            return same;
        var clr = BsonMapping.ToClr(value);
        if (clr is T converted)
            return converted;
        if (clr is null && default(T) is null)
            return default!;
        throw new FormatException($"A value of type {value.BsonType} is no {typeof(T)}.");
    }
}
