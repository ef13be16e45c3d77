using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Builds filters.</summary>
public sealed class FilterDefinitionBuilder<TDocument>
{
    /// <summary>Every document.</summary>
    public FilterDefinition<TDocument> Empty => FilterDefinition<TDocument>.Empty;

    public FilterDefinition<TDocument> All<TItem>(FieldDefinition<TDocument> field, IEnumerable<TItem> values) => Where(field.Path, "$all", Values(values));

    public FilterDefinition<TDocument> And(params FilterDefinition<TDocument>[] filters) => And((IEnumerable<FilterDefinition<TDocument>>)filters);

    public FilterDefinition<TDocument> And(IEnumerable<FilterDefinition<TDocument>> filters) => FilterDocuments.And([.. filters.Select(f => f.Render())]);

    /// <summary>Some element of an array equals the value.</summary>
    public FilterDefinition<TDocument> AnyEq<TItem>(FieldDefinition<TDocument> field, TItem value) => Equal(field.Path, BsonValue.Create(value));

    public FilterDefinition<TDocument> AnyIn<TItem>(FieldDefinition<TDocument> field, IEnumerable<TItem> values) => Where(field.Path, "$in", Values(values));

    public FilterDefinition<TDocument> ElemMatch<TItem>(FieldDefinition<TDocument> field, FilterDefinition<TItem> filter) =>
        Where(field.Path, "$elemMatch", filter.Render());

    public FilterDefinition<TDocument> Eq<TField>(FieldDefinition<TDocument, TField> field, TField value) => Equal(field.Path, BsonValue.Create(value));

    public FilterDefinition<TDocument> Exists(FieldDefinition<TDocument> field, bool exists = true) => Where(field.Path, "$exists", exists);

    public FilterDefinition<TDocument> Gt<TField>(FieldDefinition<TDocument, TField> field, TField value) => Where(field.Path, "$gt", BsonValue.Create(value));

    public FilterDefinition<TDocument> Gte<TField>(FieldDefinition<TDocument, TField> field, TField value) => Where(field.Path, "$gte", BsonValue.Create(value));

    public FilterDefinition<TDocument> In<TField>(FieldDefinition<TDocument, TField> field, IEnumerable<TField> values) => Where(field.Path, "$in", Values(values));

    public FilterDefinition<TDocument> Lt<TField>(FieldDefinition<TDocument, TField> field, TField value) => Where(field.Path, "$lt", BsonValue.Create(value));

    public FilterDefinition<TDocument> Lte<TField>(FieldDefinition<TDocument, TField> field, TField value) => Where(field.Path, "$lte", BsonValue.Create(value));

    public FilterDefinition<TDocument> Mod(FieldDefinition<TDocument> field, long modulus, long remainder) =>
        Where(field.Path, "$mod", new BsonArray { modulus, remainder });

    public FilterDefinition<TDocument> Ne<TField>(FieldDefinition<TDocument, TField> field, TField value) => Where(field.Path, "$ne", BsonValue.Create(value));

    public FilterDefinition<TDocument> Nin<TField>(FieldDefinition<TDocument, TField> field, IEnumerable<TField> values) => Where(field.Path, "$nin", Values(values));

    public FilterDefinition<TDocument> Not(FilterDefinition<TDocument> filter) => FilterDocuments.Not(filter.Render());

    public FilterDefinition<TDocument> Or(params FilterDefinition<TDocument>[] filters) => Or((IEnumerable<FilterDefinition<TDocument>>)filters);

    public FilterDefinition<TDocument> Or(IEnumerable<FilterDefinition<TDocument>> filters) => FilterDocuments.Or([.. filters.Select(f => f.Render())]);

    public FilterDefinition<TDocument> Regex(FieldDefinition<TDocument> field, BsonRegularExpression regex) => new BsonDocument(field.Path, regex);

    public FilterDefinition<TDocument> Size(FieldDefinition<TDocument> field, int size) => Where(field.Path, "$size", size);

    public FilterDefinition<TDocument> Type(FieldDefinition<TDocument> field, BsonType type) =>
        Where(field.Path, "$type", type == BsonType.MinKey ? -1 : (int)type);

    /// <summary>A regular expression or an operator-like document would be taken for a condition, so those need the operator.</summary>
    private static FilterDefinition<TDocument> Equal(string path, BsonValue value) =>
        value is BsonRegularExpression || (value is BsonDocument { ElementCount: > 0 } document && document.GetElement(0).Name.StartsWith('$'))
            ? Where(path, "$eq", value)
            : new BsonDocument(path, value);

    private static FilterDefinition<TDocument> Where(string path, string operation, BsonValue operand) =>
        new BsonDocument(path, new BsonDocument(operation, operand));

    private static BsonArray Values<T>(IEnumerable<T> values) => new(values.Select(value => BsonValue.Create(value)));
}
