using YamlDotNet.Serialization;

/// <summary>A map whose keys keep their order.</summary>
internal sealed class YamlMap : OrderedDictionary<string, object>;

/// <summary>Writes trees of maps, lists, texts and numbers as YAML, keys in the order in which they were given.</summary>
internal static class Yaml
{
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).WithIndentedSequences().WithNewLine("\n").DisableAliases().Build();

    /// <summary>A map; an entry without a value is left out.</summary>
    public static YamlMap Map(params IEnumerable<(string Key, object? Value)> entries)
    {
        var map = new YamlMap();
        foreach (var (key, value) in entries)
        {
            if (value is not null)
            {
                map[key] = value;
            }
        }
        return map;
    }

    /// <summary>The list, or nothing when it is empty.</summary>
    public static List<T>? Some<T>(IEnumerable<T> items) => items.ToList() is { Count: > 0 } list ? list : null;

    public static string Text(object document) => Serializer.Serialize(document);

    /// <summary>Several documents in one file.</summary>
    public static string Text(IEnumerable<object> documents) => string.Join("---\n", documents.Select(Text));
}
