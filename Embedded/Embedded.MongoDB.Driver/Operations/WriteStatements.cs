using Embedded.MongoDB.Protocol.Bson;
using Embedded.MongoDB.Protocol.Wire;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Writes as the server reads them: documents to insert, <c>{q, u, multi, upsert}</c> and <c>{q, limit}</c>.</summary>
internal static class WriteStatements
{
    /// <summary>Room that the command itself takes in a message, and an update beside its document.</summary>
    private const int ReserveBytes = 16 * 1024;

    public static WriteKind KindOf(WriteModelType type) => type switch
    {
        WriteModelType.InsertOne => WriteKind.Insert,
        WriteModelType.DeleteOne or WriteModelType.DeleteMany => WriteKind.Delete,
        _ => WriteKind.Update,
    };

    /// <summary>Refuses what the server would take for something else: an update without operators, a replacement with them.</summary>
    /// <exception cref="ArgumentException">The update or the replacement is the wrong kind of document.</exception>
    public static void Check<T>(WriteModel<T> model)
    {
        var (update, isReplacement) = model switch
        {
            UpdateOneModel<T> one => (one.Update.Render(), false),
            UpdateManyModel<T> many => (many.Update.Render(), false),
            ReplaceOneModel<T> replace => (Results.ToDocument(replace.Replacement), true),
            _ => (null, false),
        };
        CheckUpdate(update, isReplacement);
    }

    public static void CheckUpdate(BsonValue? update, bool isReplacement)
    {
        if (update is not BsonDocument document)
            return;
        var first = document.ElementCount == 0 ? "" : document.GetElement(0).Name;
        if (isReplacement && first.StartsWith('$'))
            throw new ArgumentException($"A replacement is a document without operators; '{first}' is one.");
        if (!isReplacement && !first.StartsWith('$'))
            throw new ArgumentException($"An update consists of operators such as $set; '{first}' is none.");
    }

    /// <summary>Appends statements until the message or the batch is full.</summary>
    /// <returns>How many; at least one.</returns>
    /// <exception cref="FormatException">A document is larger than the server takes.</exception>
    public static int Write<T>(PooledBuffer output, IReadOnlyList<WriteModel<T>> requests, List<int> indexes, int first, ServerDescription limits)
    {
        var count = 0;
        for (; first + count < indexes.Count && count < limits.MaxWriteBatchCount; count++)
        {
            var start = output.Count;
            var request = requests[indexes[first + count]];
            Write(output, request);

            var size = output.Count - start;
            var most = limits.MaxDocumentBytes + (request is InsertOneModel<T> ? 0 : ReserveBytes);
            if (size > most)
                throw new FormatException($"Size {size} is larger than MaxDocumentSize {most}.");
            if (output.Count > limits.MaxMessageBytes - ReserveBytes && count > 0)
            {
                output.Truncate(start);
                break;
            }
        }
        return count;
    }

    private static void Write<T>(PooledBuffer output, WriteModel<T> request)
    {
        switch (request)
        {
            case InsertOneModel<T> insert:
                BsonObjectWriter.Write(output, Results.ToDocument(insert.Document));
                break;
            case UpdateOneModel<T> update:
                Update(output, update.Filter, update.Update.Render(), update.IsUpsert, isMulti: false, update.ArrayFilters, update.Hint);
                break;
            case UpdateManyModel<T> update:
                Update(output, update.Filter, update.Update.Render(), update.IsUpsert, isMulti: true, update.ArrayFilters, update.Hint);
                break;
            case ReplaceOneModel<T> replace:
                Update(output, replace.Filter, Results.ToDocument(replace.Replacement), replace.IsUpsert, isMulti: false, null, replace.Hint);
                break;
            case DeleteOneModel<T> delete:
                Delete(output, delete.Filter, limit: 1, delete.Hint);
                break;
            case DeleteManyModel<T> delete:
                Delete(output, delete.Filter, limit: 0, delete.Hint);
                break;
            default:
                throw new ArgumentException($"{request.GetType()} is no write.", nameof(request));
        }
    }

    private static void Update<T>(
        PooledBuffer output, FilterDefinition<T> filter, BsonValue update, bool isUpsert, bool isMulti,
        IEnumerable<ArrayFilterDefinition>? arrayFilters, BsonValue? hint)
    {
        var writer = new BsonWriter(output);
        var start = writer.BeginDocument();
        WriteValue(writer, "q"u8, filter.Render());
        WriteValue(writer, "u"u8, update);
        if (isMulti)
            writer.WriteBoolean("multi"u8, true);
        if (isUpsert)
            writer.WriteBoolean("upsert"u8, true);
        if (arrayFilters is not null)
            WriteValue(writer, "arrayFilters"u8, new BsonArray(arrayFilters.Select(one => one.Render())));
        if (hint is not null)
            WriteValue(writer, "hint"u8, hint);
        writer.EndDocument(start);
    }

    private static void Delete<T>(PooledBuffer output, FilterDefinition<T> filter, int limit, BsonValue? hint)
    {
        var writer = new BsonWriter(output);
        var start = writer.BeginDocument();
        WriteValue(writer, "q"u8, filter.Render());
        writer.WriteInt32("limit"u8, limit);
        if (hint is not null)
            WriteValue(writer, "hint"u8, hint);
        writer.EndDocument(start);
    }

    private static void WriteValue(BsonWriter writer, ReadOnlySpan<byte> name, BsonValue value)
    {
        writer.WriteHeader(value.BsonType, name);
        BsonObjectWriter.WriteValue(writer, value);
    }
}
