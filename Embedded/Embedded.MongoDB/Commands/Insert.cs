using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;

namespace Embedded.MongoDB.Commands;

/// <summary>insert: adds documents. Ordered, the first refused one ends the batch; unordered, each stands for itself.</summary>
internal static class Insert
{
    private sealed class Statement
    {
        public ReadOnlyMemory<byte> Document { get; set; }
        public (int Start, int Length) Key { get; set; }

        /// <summary>Where the document stands in the scratch buffer, if it had to be rewritten.</summary>
        public (int Start, int Length) Placed { get; set; }
        public CommandException? Problem { get; set; }
    }

    public static async ValueTask RunAsync(CommandCall call)
    {
        var collection = call.CollectionName();
        var isOrdered = call.Flag("ordered"u8, otherwise: true);
        using var scratch = new PooledBuffer();
        var statements = call.Documents("documents").ConvertAll(document => Prepare(document, scratch));
        var byteCount = statements.Sum(static statement => (long)statement.Document.Length);

        var writer = call.Server.Store.Open(call.DatabaseName).Writer;
        var (count, errors) = await writer.WriteAsync(
            session => Run(session.Open(collection), statements, scratch, isOrdered), statements.Count, byteCount, call.IsDurable());

        call.Server.Counters.AddOperations("insert", statements.Count);
        call.Reply.WriteInt32("n"u8, count);
        errors.Write(call.Reply);
    }

    private static Statement Prepare(ReadOnlyMemory<byte> document, PooledBuffer scratch)
    {
        var statement = new Statement { Document = document };
        try
        {
            var bytes = document.Span;
            if (!IdField.IsInPlace(bytes))
            {
                var start = scratch.Count;
                IdField.Place(bytes, scratch);
                statement.Placed = (start, scratch.Count - start);
                bytes = scratch.WrittenSpan[start..];
            }

            var id = Elements.Find(bytes, "_id"u8);
            IdField.Check(id);
            var key = KeyEncoding.Encode(id);
            statement.Key = (scratch.Count, key.Length);
            scratch.Write(key);
        }
        catch (CommandException problem)
        {
            statement.Problem = problem;
        }

        return statement;
    }

    private static (int Count, WriteErrors Errors) Run(CollectionWriter writer, List<Statement> statements, PooledBuffer scratch, bool isOrdered)
    {
        var errors = new WriteErrors();
        var count = 0;
        for (var i = 0; i < statements.Count; i++)
        {
            var statement = statements[i];
            try
            {
                if (statement.Problem is { } problem)
                {
                    throw problem;
                }

                var bytes = scratch.WrittenSpan;
                var document = statement.Placed.Length == 0 ? statement.Document.Span : bytes.Slice(statement.Placed.Start, statement.Placed.Length);
                writer.Insert(bytes.Slice(statement.Key.Start, statement.Key.Length), document);
                count++;
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

        return (count, errors);
    }
}
