using Embedded.MongoDB.Cursors;

namespace Embedded.MongoDB.Commands;

/// <summary>getMore: the next batch of a cursor.</summary>
internal static class GetMore
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        call.Server.Counters.AddOperations("getMore", 1);
        var id = call.OptionalInt64("getMore"u8) ?? 0;
        var ns = $"{call.DatabaseName}.{call.OptionalString("collection"u8)}";
        var batchSize = call.OptionalCount("batchSize"u8);
        var cursors = call.Server.Cursors;
        var cursor = cursors.Take(id) ?? throw new CommandException(ErrorCode.CursorNotFound, $"cursor id {id} not found");
        if (cursor.Namespace != ns)
        {
            cursors.PutBack(cursor);
            throw new CommandException(
                ErrorCode.Unauthorized, $"Requested getMore on namespace '{ns}', but cursor belongs to a different namespace {cursor.Namespace}");
        }

        var reply = call.Reply;
        var document = reply.BeginDocument("cursor"u8);
        var array = reply.BeginArray("nextBatch"u8);
        bool isAtEnd;
        try
        {
            isAtEnd = await cursor.Source.FillAsync(new Batch(reply, batchSize is null or 0 ? long.MaxValue : batchSize.Value), call);
        }
        catch
        {
            cursor.Source.Dispose();
            throw;
        }

        if (isAtEnd)
        {
            cursor.Source.Dispose();
        }
        else
        {
            cursors.PutBack(cursor);
        }

        reply.EndDocument(array);
        reply.WriteInt64("id"u8, isAtEnd ? 0 : id);
        reply.WriteString("ns"u8, ns);
        reply.EndDocument(document);
    }
}
