using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Combines filters. Fields that do not meet stay side by side in one document; the rest goes into <c>$and</c>.</summary>
internal static class FilterDocuments
{
    public static BsonDocument And(IReadOnlyList<BsonDocument> filters)
    {
        var names = filters.SelectMany(filter => filter.Names).ToArray();
        var isFlat = names.Distinct().Count() == names.Length && !names.Any(name => name.StartsWith('$'));
        if (isFlat)
            return new BsonDocument(filters.SelectMany(filter => filter.Elements));
        return new BsonDocument("$and", new BsonArray(filters.SelectMany(Operands("$and"))));
    }

    public static BsonDocument Or(IReadOnlyList<BsonDocument> filters) =>
        filters.Any(filter => filter.ElementCount == 0) ? [] : new BsonDocument("$or", new BsonArray(filters.SelectMany(Operands("$or"))));

    public static BsonDocument Not(BsonDocument filter)
    {
        var nor = new BsonDocument("$nor", new BsonArray { filter });
        if (filter.ElementCount != 1)
            return nor;
        var only = filter.GetElement(0);
        if (only.Name == "$or")
            return new BsonDocument("$nor", only.Value);
        if (only.Name.StartsWith('$'))
            return nor;
        return only.Value switch
        {
            BsonDocument { ElementCount: 1 } operators when operators.GetElement(0).Name == "$not" => new BsonDocument(only.Name, operators[0]),
            BsonDocument operators when operators.ElementCount > 0 && operators.GetElement(0).Name.StartsWith('$') =>
                new BsonDocument(only.Name, new BsonDocument("$not", operators)),
            BsonRegularExpression regex => new BsonDocument(only.Name, new BsonDocument("$not", regex)),
            var value => new BsonDocument(only.Name, new BsonDocument("$ne", value)),
        };
    }

    private static Func<BsonDocument, IEnumerable<BsonValue>> Operands(string name) => filter =>
        filter.ElementCount == 1 && filter.GetElement(0) is { Value: BsonArray inner } only && only.Name == name ? inner : [filter];
}
