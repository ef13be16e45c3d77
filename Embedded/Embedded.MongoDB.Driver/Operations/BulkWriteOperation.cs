using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>
/// Many writes in few commands. Ordered: runs of the same kind one after the other, until the first error. Unordered: one run for
/// each kind. A run goes out in batches that fit into a message, each written once, straight from the objects into the message;
/// positions in replies are turned back into positions in what the caller passed.
/// </summary>
internal sealed class BulkWriteOperation<TDocument>(
    Operations operations, CollectionNamespace name, WriteConcern writeConcern, BulkWriteOptions options, IReadOnlyList<WriteModel<TDocument>> requests)
{
    private readonly List<BulkWriteError> _errors = [];
    private readonly List<BulkWriteUpsert> _upserts = [];
    private WriteConcernError? _writeConcernError;
    private long _inserted, _matched, _modified, _deleted;
    private int _sentCount;

    /// <exception cref="MongoBulkWriteException{TDocument}">The server refused some of the writes.</exception>
    public async Task<BulkWriteResult<TDocument>> RunAsync(CancellationToken cancellationToken)
    {
        var server = await operations.Cluster.SelectAsync(cancellationToken).ConfigureAwait(false);
        foreach (var run in Runs())
        {
            await SendAsync(server, run, cancellationToken).ConfigureAwait(false);
            if (options.IsOrdered && _errors.Count > 0)
                break;
        }

        if (!writeConcern.IsAcknowledged)
            return new BulkWriteResult<TDocument>.Unacknowledged(requests.Count, requests);

        var processed = options.IsOrdered && _errors.Count > 0 ? _errors[0].Index + 1 : requests.Count;
        var result = new BulkWriteResult<TDocument>.Acknowledged(
            requests.Count, _matched, _deleted, _inserted, _modified, requests.Take(processed), _upserts.OrderBy(upsert => upsert.Index));
        return _errors.Count == 0 && _writeConcernError is null
            ? result
            : throw new MongoBulkWriteException<TDocument>(
                result, [.. _errors.OrderBy(error => error.Index)], _writeConcernError, [.. requests.Skip(processed)]);
    }

    /// <summary>The positions of the writes that can share commands.</summary>
    private List<(WriteKind Kind, List<int> Indexes)> Runs()
    {
        var runs = new List<(WriteKind Kind, List<int> Indexes)>();
        for (var i = 0; i < requests.Count; i++)
        {
            var kind = WriteStatements.KindOf(requests[i].ModelType);
            var run = options.IsOrdered
                ? (runs.Count > 0 && runs[^1].Kind == kind ? runs[^1].Indexes : null)
                : runs.Find(other => other.Kind == kind).Indexes;
            if (run is null)
                runs.Add((kind, run = []));
            run.Add(i);
        }
        return runs;
    }

    private async Task SendAsync(Server server, (WriteKind Kind, List<int> Indexes) run, CancellationToken cancellationToken)
    {
        for (var first = 0; first < run.Indexes.Count; first += _sentCount)
        {
            var reply = await operations.Cluster.RunAsync(server, Call(server, run.Kind, run.Indexes, first), cancellationToken).ConfigureAwait(false);
            if (!writeConcern.IsAcknowledged)
                continue;
            Count(run.Kind, run.Indexes, first, reply);
            if (options.IsOrdered && _errors.Count > 0)
                return;
        }
    }

    private CommandCall Call(Server server, WriteKind kind, List<int> indexes, int first)
    {
        var command = new BsonDocument { { kind.CommandName, name.CollectionName }, { "ordered", options.IsOrdered } }
            .With("bypassDocumentValidation", kind == WriteKind.Delete ? null : options.BypassDocumentValidation)
            .With("comment", options.Comment)
            .With("let", kind == WriteKind.Insert ? null : options.Let)
            .With(writeConcern);
        return new(name.DatabaseNamespace.DatabaseName, command)
        {
            SequenceName = kind.SequenceName,
            WantsNoReply = !writeConcern.IsAcknowledged,
            WriteSequence = output => _sentCount = WriteStatements.Write(output, requests, indexes, first, server.LastDescription!),
        };
    }

    private void Count(WriteKind kind, List<int> indexes, int first, BsonDocument reply)
    {
        var count = reply.GetValue("n", 0).ToInt64();
        var upserted = reply.TryGetValue("upserted", out var upserts) ? upserts.AsBsonArray : [];
        foreach (var upsert in upserted)
            _upserts.Add(new(indexes[first + upsert["index"].ToInt32()], upsert["_id"]));

        if (kind == WriteKind.Insert)
            _inserted += count;
        else if (kind == WriteKind.Delete)
            _deleted += count;
        else
            _matched += count - upserted.Count;
        _modified += reply.GetValue("nModified", 0).ToInt64();

        foreach (var error in reply.TryGetValue("writeErrors", out var errors) ? errors.AsBsonArray : [])
        {
            var details = error.AsBsonDocument;
            _errors.Add(new(
                indexes[first + details["index"].ToInt32()],
                details.GetValue("code", 0).ToInt32(),
                details.GetValue("errmsg", "").ToString()!,
                details.GetValue("errInfo", new BsonDocument()).AsBsonDocument));
        }
        if (reply.TryGetValue("writeConcernError", out var concern))
            _writeConcernError = new(concern.AsBsonDocument);
    }
}
