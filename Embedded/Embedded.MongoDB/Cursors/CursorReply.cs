namespace Embedded.MongoDB.Cursors;

/// <summary>The reply that every command with a result set gives: a first batch, and the number to ask for more with.</summary>
internal static class CursorReply
{
    /// <param name="call">The command.</param>
    /// <param name="ns">What getMore must name.</param>
    /// <param name="source">The result, which becomes the cursor's or is disposed of.</param>
    /// <param name="batchSize">How many the client wants at first; null for the usual number.</param>
    /// <param name="isSingleBatch">The client wants no more than that.</param>
    public static async ValueTask WriteAsync(CommandCall call, string ns, ResultSource source, long? batchSize, bool isSingleBatch = false)
    {
        var reply = call.Reply;
        var document = reply.BeginDocument("cursor"u8);
        var array = reply.BeginArray("firstBatch"u8);
        long id = 0;
        try
        {
            var isAtEnd = batchSize != 0 && await source.FillAsync(new Batch(reply, batchSize ?? Batch.DefaultFirstCount), call);
            if (isAtEnd || isSingleBatch)
            {
                source.Dispose();
            }
            else
            {
                id = call.Server.Cursors.Add(ns, SessionOf(call), source).Id;
            }
        }
        catch
        {
            source.Dispose();
            throw;
        }

        reply.EndDocument(array);
        reply.WriteInt64("id"u8, id);                       // int64 even when 0: some clients take nothing else
        reply.WriteString("ns"u8, ns);
        reply.EndDocument(document);
    }

    public static byte[] SessionOf(CommandCall call)
    {
        var session = call.Argument("lsid"u8);
        return session.IsDocument ? session.Field("id"u8).Bytes.ToArray() : [];
    }
}
