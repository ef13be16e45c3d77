namespace MongoDB.Driver;

/// <summary>Adds to an update: <c>update.Set("a", 1).Inc("b", 2)</c>.</summary>
public static class UpdateDefinitionExtensions
{
    public static UpdateDefinition<TDocument> CurrentDate<TDocument>(this UpdateDefinition<TDocument> update, FieldDefinition<TDocument> field) =>
        Also(update, Builders<TDocument>.Update.CurrentDate(field));

    public static UpdateDefinition<TDocument> Inc<TDocument, TField>(this UpdateDefinition<TDocument> update, FieldDefinition<TDocument, TField> field, TField value) =>
        Also(update, Builders<TDocument>.Update.Inc(field, value));

    public static UpdateDefinition<TDocument> Max<TDocument, TField>(this UpdateDefinition<TDocument> update, FieldDefinition<TDocument, TField> field, TField value) =>
        Also(update, Builders<TDocument>.Update.Max(field, value));

    public static UpdateDefinition<TDocument> Min<TDocument, TField>(this UpdateDefinition<TDocument> update, FieldDefinition<TDocument, TField> field, TField value) =>
        Also(update, Builders<TDocument>.Update.Min(field, value));

    public static UpdateDefinition<TDocument> Push<TDocument, TItem>(this UpdateDefinition<TDocument> update, FieldDefinition<TDocument> field, TItem value) =>
        Also(update, Builders<TDocument>.Update.Push(field, value));

    public static UpdateDefinition<TDocument> Set<TDocument, TField>(this UpdateDefinition<TDocument> update, FieldDefinition<TDocument, TField> field, TField value) =>
        Also(update, Builders<TDocument>.Update.Set(field, value));

    public static UpdateDefinition<TDocument> SetOnInsert<TDocument, TField>(
        this UpdateDefinition<TDocument> update, FieldDefinition<TDocument, TField> field, TField value) =>
        Also(update, Builders<TDocument>.Update.SetOnInsert(field, value));

    public static UpdateDefinition<TDocument> Unset<TDocument>(this UpdateDefinition<TDocument> update, FieldDefinition<TDocument> field) =>
        Also(update, Builders<TDocument>.Update.Unset(field));

    private static UpdateDefinition<T> Also<T>(UpdateDefinition<T> update, UpdateDefinition<T> other) => Builders<T>.Update.Combine(update, other);
}
