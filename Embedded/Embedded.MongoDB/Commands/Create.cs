using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>
/// create: an empty collection. Options that would change what it does (views, caps, validators) are refused rather than forgotten.
/// </summary>
internal static class Create
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        var name = call.CollectionName();
        var options = ReadOptions(call);
        await call.Server.Store.Open(call.DatabaseName).Writer.WriteAsync(
            session =>
            {
                if (session.Catalog.Find(name) is not { } existing)
                {
                    session.CreateCollection(name, options);
                    return true;
                }

                return existing.Options.AsSpan().SequenceEqual(options)
                    ? true
                    : throw new CommandException(
                        ErrorCode.NamespaceExists, $"namespace {existing.Namespace} already exists, but with different options");
            },
            isExclusive: true,
            isDurable: call.IsDurable());
    }

    private static byte[] ReadOptions(CommandCall call)
    {
        var options = new BsonBuffer();
        var start = options.BeginDocument();
        var elements = new Elements(call.Body.Span);
        elements.MoveNext();
        while (elements.MoveNext())
        {
            var name = System.Text.Encoding.UTF8.GetString(elements.Name);
            switch (name)
            {
                case "$db" or "lsid" or "writeConcern" or "comment" or "maxTimeMS" or "$readPreference" or "apiVersion" or "apiStrict"
                    or "apiDeprecationErrors" or "$clusterTime" or "autoIndexId" or "flags" or "indexOptionDefaults" or "storageEngine":
                    break;
                case "collation":
                    Collation.Check(elements.Value);
                    break;
                case "capped" when !elements.Value.IsTruthy:
                    break;
                case "capped" or "viewOn" or "pipeline" or "validator" or "timeseries" or "clusteredIndex" or "changeStreamPreAndPostImages"
                    or "expireAfterSeconds":
                    throw new CommandException(ErrorCode.InvalidOptions, $"the option '{name}' of create is not supported here");
                default:
                    options.WriteElement(elements.Name, elements.Value);
                    break;
            }
        }

        options.EndDocument(start);
        return options.ToArray();
    }
}
