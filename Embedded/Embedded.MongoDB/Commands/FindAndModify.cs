using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>findAndModify: changes or removes one document and returns it, as it was or as it is then, in one step.</summary>
internal static class FindAndModify
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        Collation.Check(call.Argument("collation"u8));
        var collection = call.CollectionName();
        var isRemove = call.Flag("remove"u8);
        var isNew = call.Flag("new"u8);
        var isUpsert = call.Flag("upsert"u8);
        var update = call.Argument("update"u8);
        if (isRemove && (!update.IsNullish || isNew || isUpsert))
        {
            throw new CommandException(ErrorCode.FailedToParse, "Cannot specify both an update, new or upsert and remove=true");
        }

        if (!isRemove && update.IsNullish)
        {
            throw new CommandException(ErrorCode.FailedToParse, "Either an update or remove=true must be specified");
        }

        var variables = call.Variables();
        var query = call.OptionalDocument("query"u8);
        var sortSpec = call.OptionalDocument("sort"u8);
        var sort = sortSpec.Length <= Find.EmptyDocument.Length ? null : Sort.Parse(sortSpec.Span);
        var fields = call.OptionalDocument("fields"u8);
        var projection = fields.Length <= Find.EmptyDocument.Length ? null : Projection.Parse(fields.Span, variables);
        if (isRemove)
        {
            await RemoveAsync(call, collection, Filter.Parse(Find.Or(query), variables), sort, projection);
            return;
        }

        var statement = UpdateStatement.Create(
            query.IsEmpty ? Find.EmptyDocument.ToArray() : query, update, call.Argument("arrayFilters"u8), call.Argument("hint"u8), variables,
            isUpsert, isMulti: false, sort);
        var writer = call.Server.Store.Open(call.DatabaseName).Writer;
        var outcome = await writer.WriteAsync(
            session => statement.Run(session, collection, call.CheckTime, wantsDocuments: true), byteCount: call.Body.Length,
            isDurable: call.IsDurable());
        call.Server.Counters.AddOperations("update", 1);

        var reply = call.Reply;
        var last = reply.BeginDocument("lastErrorObject"u8);
        reply.WriteInt32("n"u8, outcome.Matched + (outcome.UpsertedId is null ? 0 : 1));
        reply.WriteBoolean("updatedExisting"u8, outcome.Matched > 0);
        if (outcome.UpsertedId is not null)
        {
            var id = Elements.Find(outcome.UpsertedId, "_id"u8);
            reply.WriteRaw(id.Type, "upserted"u8, id.Bytes);
        }

        reply.EndDocument(last);
        WriteValue(call, isNew ? outcome.After : outcome.Before, projection);
    }

    private static async ValueTask RemoveAsync(CommandCall call, string collection, Filter filter, Sort? sort, Projection? projection)
    {
        var hint = Hint.Keep(call.Argument("hint"u8));
        byte[]? removed = null;
        if (call.Database is { } database)
        {
            removed = await database.Writer.WriteAsync(
                session =>
                {
                    if (session.Find(collection) is not { } writer)
                    {
                        return null;
                    }

                    foreach (var row in session.FindRows(writer.Collection, filter, 1, call.CheckTime, sort, Hint.Restore(hint)))
                    {
                        var images = new DocumentImages();
                        if (writer.DeleteByRow(row, filter, images))
                        {
                            return images.Before;
                        }
                    }

                    return null;
                },
                isDurable: call.IsDurable());
        }

        call.Server.Counters.AddOperations("delete", 1);
        var last = call.Reply.BeginDocument("lastErrorObject"u8);
        call.Reply.WriteInt32("n"u8, removed is null ? 0 : 1);
        call.Reply.EndDocument(last);
        WriteValue(call, removed, projection);
    }

    private static void WriteValue(CommandCall call, byte[]? document, Projection? projection)
    {
        if (document is null)
        {
            call.Reply.WriteNull("value"u8);
            return;
        }

        call.Reply.WriteHeader(BsonType.Document, "value"u8);
        if (projection is null)
        {
            call.Reply.Output.Write(document);
        }
        else
        {
            projection.Apply(document, call.Reply.Output);
        }
    }
}
