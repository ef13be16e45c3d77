using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Expressions.Accumulators;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>delete: removes the first match or all matches of each statement.</summary>
internal static class Delete
{
    private sealed record Statement(byte[]? IdKey, Filter Filter, bool IsOne, byte[] Hint);

    public static async ValueTask RunAsync(CommandCall call)
    {
        var collection = call.CollectionName();
        var isOrdered = call.Flag("ordered"u8, otherwise: true);
        var variables = call.Variables();
        var statements = call.Documents("deletes").ConvertAll(element => Parse(element.Span, variables));

        var count = 0;
        var errors = new WriteErrors();
        if (call.Database is { } database)
        {
            (count, errors) = await database.Writer.WriteAsync(
                session => Run(session, collection, statements, isOrdered, call.CheckTime), statements.Count, isDurable: call.IsDurable());
        }

        call.Server.Counters.AddOperations("delete", statements.Count);
        call.Reply.WriteInt32("n"u8, count);
        errors.Write(call.Reply);
    }

    private static Statement Parse(ReadOnlySpan<byte> element, Variables variables)
    {
        RawValue query = default, limit = default, hint = default;
        for (var elements = new Elements(element); elements.MoveNext();)
        {
            switch (Encoding.UTF8.GetString(elements.Name))
            {
                case "q": query = elements.Value; break;
                case "limit": limit = elements.Value; break;
                case "hint": hint = elements.Value; break;
                case "collation": Collation.Check(elements.Value); break;
                case var name: throw new CommandException(40415, $"BSON field 'delete.deletes.{name}' is an unknown field.");
            }
        }

        if (!query.IsDocument || limit.IsMissing)
        {
            throw new CommandException(40414, $"BSON field 'delete.deletes.{(query.IsDocument ? "limit" : "q")}' is missing but a required field");
        }

        if (!limit.IsNumber || !Number.From(limit).TryGetInt64(out var count) || count is not (0 or 1))
        {
            throw new CommandException(ErrorCode.FailedToParse, "The limit field in delete objects must be 0 or 1");
        }

        var id = IdFilter.Find(query.Bytes);
        return new(id.IsMissing ? null : KeyEncoding.Encode(id), Filter.Parse(query.Bytes, variables), count == 1, MongoDB.Commands.Hint.Keep(hint));
    }

    private static (int Count, WriteErrors Errors) Run(
        WriteSession session, string collection, List<Statement> statements, bool isOrdered, Action checkTime)
    {
        var errors = new WriteErrors();
        var count = 0;
        for (var i = 0; i < statements.Count; i++)
        {
            try
            {
                if (session.Find(collection) is { } writer)
                {
                    count += Run(session, writer, statements[i], checkTime);
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

        return (count, errors);
    }

    private static int Run(WriteSession session, CollectionWriter writer, Statement statement, Action checkTime)
    {
        if (statement.IdKey is not null)
        {
            return writer.DeleteByKey(statement.IdKey) ? 1 : 0;
        }

        var count = 0;
        foreach (var row in session.FindRows(writer.Collection, statement.Filter, statement.IsOne ? 1 : 0, checkTime,
            hint: MongoDB.Commands.Hint.Restore(statement.Hint)))
        {
            if (writer.DeleteByRow(row, statement.Filter))
            {
                count++;
            }
        }

        return count;
    }
}
