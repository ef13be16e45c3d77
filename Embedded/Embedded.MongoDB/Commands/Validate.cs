using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>validate: reads every document with its payloads, and holds counters and indexes against the rows.</summary>
internal static class Validate
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        var collection = call.FindCollection()
            ?? throw new CommandException(
                ErrorCode.NamespaceNotFound, $"Collection '{call.DatabaseName}.{call.CollectionName()}' does not exist to validate.");

        // On the writer: nothing changes while rows, keys and counters are compared.
        var (rows, errors) = await call.Database!.Writer.WriteAsync(session => session.Check(collection.Name, call.CheckTime), isExclusive: true);
        var reply = call.Reply;
        reply.WriteString("ns"u8, collection.Namespace);
        reply.WriteInt32("nInvalidDocuments"u8, 0);
        reply.WriteInt32("nNonCompliantDocuments"u8, 0);
        reply.WriteInt64("nrecords"u8, rows);
        reply.WriteInt32("nIndexes"u8, collection.Indexes.Length + 1);
        reply.EndDocument(reply.BeginDocument("keysPerIndex"u8));
        reply.EndDocument(reply.BeginDocument("indexDetails"u8));
        reply.WriteBoolean("valid"u8, errors.Count == 0);
        reply.WriteBoolean("repaired"u8, false);
        reply.EndDocument(reply.BeginArray("warnings"u8));
        var array = reply.BeginArray("errors"u8);
        for (var i = 0; i < errors.Count; i++)
        {
            reply.WriteIndexHeader(BsonType.String, i);
            reply.WriteStringValue(errors[i]);
        }

        reply.EndDocument(array);
        reply.EndDocument(reply.BeginArray("extraIndexEntries"u8));
        reply.EndDocument(reply.BeginArray("missingIndexEntries"u8));
        reply.EndDocument(reply.BeginArray("corruptRecords"u8));
    }
}
