using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Updates;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>update: a batch of changes, each to one document or to all that match, with or without making what is missing.</summary>
internal static class Update
{
    private sealed record Result(int Matched, int Modified, List<(int Index, byte[] Id)> Upserted, WriteErrors Errors);

    public static async ValueTask RunAsync(CommandCall call)
    {
        var collection = call.CollectionName();
        var isOrdered = call.Flag("ordered"u8, otherwise: true);
        var elements = call.Documents("updates");
        var variables = call.Variables();

        // Taken apart here, beside the writer, which is the one place that all clients share.
        var statements = new (UpdateStatement? Statement, CommandException? Problem)[elements.Count];
        long byteCount = 0;
        for (var i = 0; i < statements.Length; i++)
        {
            byteCount += elements[i].Length;
            try
            {
                statements[i] = (UpdateStatement.Parse(elements[i], variables), null);
            }
            catch (CommandException problem)
            {
                statements[i] = (null, problem);
            }
        }

        var writer = call.Server.Store.Open(call.DatabaseName).Writer;
        var result = await writer.WriteAsync(
            session => Run(session, collection, statements, isOrdered, call.CheckTime), statements.Length, byteCount, call.IsDurable());
        call.Server.Counters.AddOperations("update", statements.Length);

        var reply = call.Reply;
        reply.WriteInt32("n"u8, result.Matched + result.Upserted.Count);
        reply.WriteInt32("nModified"u8, result.Modified);
        WriteUpserted(call, result.Upserted);
        result.Errors.Write(reply);
    }

    private static Result Run(
        WriteSession session, string collection, (UpdateStatement? Statement, CommandException? Problem)[] statements, bool isOrdered,
        Action checkTime)
    {
        var (matched, modified) = (0, 0);
        var upserted = new List<(int, byte[])>();
        var errors = new WriteErrors();
        for (var i = 0; i < statements.Length; i++)
        {
            try
            {
                if (statements[i].Problem is { } problem)
                {
                    throw problem;
                }

                var outcome = statements[i].Statement!.Run(session, collection, checkTime);
                matched += outcome.Matched;
                modified += outcome.Modified;
                if (outcome.UpsertedId is { } id)
                {
                    upserted.Add((i, id));
                }
            }
            catch (CommandException problem)
            {
                errors.Add(i, problem);
                if (isOrdered)
                {
                    break;
                }
            }
        }

        return new(matched, modified, upserted, errors);
    }

    private static void WriteUpserted(CommandCall call, List<(int Index, byte[] Id)> upserted)
    {
        if (upserted.Count == 0)
        {
            return;
        }

        var reply = call.Reply;
        var array = reply.BeginArray("upserted"u8);
        for (var i = 0; i < upserted.Count; i++)
        {
            reply.WriteIndexHeader(BsonType.Document, i);
            var start = reply.BeginDocument();
            reply.WriteInt32("index"u8, upserted[i].Index);
            var id = Elements.Find(upserted[i].Id, "_id"u8);
            reply.WriteRaw(id.Type, "_id"u8, id.Bytes);
            reply.EndDocument(start);
        }

        reply.EndDocument(array);
    }
}
