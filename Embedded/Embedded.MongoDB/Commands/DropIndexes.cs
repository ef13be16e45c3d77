using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>dropIndexes: by name, by names, by key, or all but the one on <c>_id</c>.</summary>
internal static class DropIndexes
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        var name = call.CollectionName();
        if (call.FindCollection() is null)
        {
            throw new CommandException(ErrorCode.NamespaceNotFound, $"ns not found {call.DatabaseName}.{name}");
        }

        var wanted = Hint.Keep(call.Argument("index"u8));
        var before = await call.Database!.Writer.WriteAsync(
            session =>
            {
                var collection = session.Catalog.Find(name) ?? throw new CommandException(ErrorCode.NamespaceNotFound, "ns not found");
                foreach (var index in Choose(collection, Hint.Restore(wanted)))
                {
                    session.DropIndex(name, index);
                }

                return collection.Indexes.Length + 1;
            },
            isExclusive: true,
            isDurable: call.IsDurable());
        call.Reply.WriteInt32("nIndexesWas"u8, before);
    }

    private static List<CollectionIndex> Choose(Collection collection, RawValue wanted)
    {
        var chosen = new List<CollectionIndex>();
        if (wanted.IsString && wanted.Utf8.SequenceEqual("*"u8))
        {
            return [.. collection.Indexes];
        }

        if (wanted.IsArray)
        {
            for (var elements = new Elements(wanted.Bytes); elements.MoveNext();)
            {
                chosen.Add(ByName(collection, elements.Value));
            }

            return chosen;
        }

        if (!wanted.IsDocument)
        {
            return [ByName(collection, wanted)];
        }

        if (ValueOrder.Equal(wanted, RawValue.Document(CollectionWriter.IdPattern)))
        {
            throw new CommandException(ErrorCode.InvalidOptions, "cannot drop _id index");
        }

        foreach (var index in collection.Indexes)
        {
            if (ValueOrder.Equal(wanted, RawValue.Document(index.Key)))
            {
                return [index];
            }
        }

        throw new CommandException(ErrorCode.IndexNotFound, $"can't find index with key: {ShellText.Of(wanted)}");
    }

    private static CollectionIndex ByName(Collection collection, RawValue name)
    {
        if (!name.IsString)
        {
            throw CommandCall.WrongType("dropIndexes.index", name, "string");
        }

        if (name.Utf8.SequenceEqual("_id_"u8))
        {
            throw new CommandException(ErrorCode.InvalidOptions, "cannot drop _id index");
        }

        return collection.FindIndex(name.Text) ?? throw new CommandException(ErrorCode.IndexNotFound, $"index not found with name [{name.Text}]");
    }
}
