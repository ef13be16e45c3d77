using System.Globalization;

namespace MongoDB.Driver;

/// <summary>The pieces of a connection string. Options are looked up by name, whatever the case.</summary>
internal sealed record MongoUrlParts(
    string? Username, string? Password, IReadOnlyList<MongoServerAddress> Servers, string? DatabaseName, IReadOnlyDictionary<string, string> Options)
{
    public string? Text(string name) => Options.GetValueOrDefault(name);

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var text => throw Wrong(name, text, "true or false"),
    };

    public int? Count(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw Wrong(name, text, "a number, not negative");
    }

    public TimeSpan? Milliseconds(string name) => Count(name) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static MongoConfigurationException Wrong(string name, string value, string wanted) => new($"{name}={value}: {wanted} was expected.");
}
