using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>createIndexes: makes indexes and fills them, all or none.</summary>
internal static class CreateIndexes
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        var name = call.CollectionName();
        var specs = call.Documents("indexes").ConvertAll(static request => IndexSpec.Parse(request.Span));
        var (isNew, before, after) = await call.Server.Store.Open(call.DatabaseName).Writer.WriteAsync(
            session =>
            {
                var isNew = session.Catalog.Find(name) is null;
                var collection = session.Catalog.Find(name) ?? session.CreateCollection(name, []);
                var before = collection.Indexes.Length + 1;
                foreach (var spec in specs)
                {
                    if (!Exists(session.Catalog.Find(name)!, spec))
                    {
                        session.CreateIndex(name, spec.Document);
                    }
                }

                return (isNew, before, after: session.Catalog.Find(name)!.Indexes.Length + 1);
            },
            isExclusive: true,
            isDurable: call.IsDurable());

        var reply = call.Reply;
        reply.WriteInt32("numIndexesBefore"u8, before);
        reply.WriteInt32("numIndexesAfter"u8, after);
        reply.WriteBoolean("createdCollectionAutomatically"u8, isNew);
        if (before == after)
        {
            reply.WriteString("note"u8, "all indexes already exist");
        }
    }

    private static bool Exists(Collection collection, IndexSpec spec)
    {
        if (spec.Key.AsSpan().SequenceEqual(CollectionWriter.IdPattern) || IsSameKey(spec.Key, CollectionWriter.IdPattern))
        {
            return true;
        }

        foreach (var index in collection.Indexes)
        {
            var isSameKey = IsSameKey(spec.Key, index.Key);
            var isSameName = index.Name == spec.Name;
            if (isSameName && !isSameKey)
            {
                throw new CommandException(
                    ErrorCode.IndexKeySpecsConflict, $"An existing index has the same name as the requested index: {spec.Name}");
            }

            if (!isSameKey)
            {
                continue;
            }

            if (isSameName && ValueOrder.Equal(RawValue.Document(index.Spec), RawValue.Document(spec.Document)))
            {
                return true;
            }

            throw new CommandException(
                ErrorCode.IndexOptionsConflict, $"Index already exists with a different name or with different options: {index.Name}");
        }

        return false;
    }

    private static bool IsSameKey(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        ValueOrder.Equal(RawValue.Document(left), RawValue.Document(right));
}
