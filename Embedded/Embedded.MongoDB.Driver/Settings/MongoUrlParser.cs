namespace MongoDB.Driver;

/// <summary>Takes a connection string apart.</summary>
internal static class MongoUrlParser
{
    private const string Scheme = "mongodb://";

    private static readonly string[] Flags = ["directConnection", "tls", "ssl", "tlsInsecure", "retryWrites", "retryReads", "journal"];

    private static readonly string[] Counts =
    [
        "maxPoolSize", "minPoolSize", "maxConnecting", "maxIdleTimeMS", "maxLifeTimeMS", "waitQueueTimeoutMS", "connectTimeoutMS",
        "socketTimeoutMS", "serverSelectionTimeoutMS", "heartbeatFrequencyMS", "localThresholdMS", "wtimeoutMS",
    ];

    public static MongoUrlParts Parse(string url)
    {
        if (url.StartsWith("mongodb+srv://", StringComparison.OrdinalIgnoreCase))
            throw new MongoConfigurationException("mongodb+srv:// is not supported here; name the servers with mongodb://.");
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new MongoConfigurationException($"A connection string begins with {Scheme}.");

        var rest = url[Scheme.Length..];
        var options = Cut(ref rest, rest.IndexOf('?', StringComparison.Ordinal));
        var database = Cut(ref rest, rest.IndexOf('/', rest.LastIndexOf('@') + 1));
        var at = rest.LastIndexOf('@');
        var credentials = at < 0 ? null : rest[..at];
        var hosts = rest[(at + 1)..];

        string? username = null, password = null;
        if (credentials is not null)
        {
            if (credentials.Contains('@', StringComparison.Ordinal) || credentials.Contains('/', StringComparison.Ordinal) || credentials.Count(c => c == ':') > 1)
                throw new MongoConfigurationException("'@', '/' and ':' in a user name or a password must be percent-encoded.");
            var colon = credentials.IndexOf(':', StringComparison.Ordinal);
            username = Decode(colon < 0 ? credentials : credentials[..colon]);
            password = colon < 0 ? null : Decode(credentials[(colon + 1)..]);
            if (username.Length == 0)
                throw new MongoConfigurationException("The user name is empty.");
        }

        var parts = new MongoUrlParts(username, password, Servers(hosts), Database(database), Options(options));
        Check(parts);
        return parts;
    }

    /// <summary>Cuts the text off at a position and returns what followed it, or null.</summary>
    private static string? Cut(ref string text, int position)
    {
        if (position < 0)
            return null;
        var tail = text[(position + 1)..];
        text = text[..position];
        return tail;
    }

    private static List<MongoServerAddress> Servers(string hosts) =>
        [.. hosts.Split(',').Select(host => MongoServerAddress.TryParse(Decode(host), out var address)
            ? address!
            : throw new MongoConfigurationException($"'{host}' is no host[:port]."))];

    private static string? Database(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        name = Decode(name);
        return name.AsSpan().IndexOfAny("/\\ \"$") < 0 ? name : throw new MongoConfigurationException($"'{name}' is no name of a database.");
    }

    private static Dictionary<string, string> Options(string? text)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in (text ?? "").Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == pair.Length - 1)
                throw new MongoConfigurationException($"The option '{pair}' has no name or no value.");
            options[Decode(pair[..equals])] = Decode(pair[(equals + 1)..]);
        }
        return options;
    }

    /// <summary>Wrong values are found now and not when they are first used.</summary>
    private static void Check(MongoUrlParts parts)
    {
        foreach (var flag in Flags)
            parts.Flag(flag);
        foreach (var count in Counts)
            parts.Count(count);
        if (parts.Flag("tls") is { } tls && parts.Flag("ssl") is { } ssl && tls != ssl)
            throw new MongoConfigurationException("tls and ssl say different things.");
        if (parts.Flag("directConnection") == true && parts.Servers.Count > 1)
            throw new MongoConfigurationException("directConnection=true needs exactly one server.");
        if (parts.Text("readConcernLevel") is { } level)
            ReadConcern.FromOption(level);
        if (parts.Text("readPreference") is { } mode)
            ReadPreference.FromOption(mode);
        if (parts.Text("authMechanism") is { } mechanism && mechanism != "SCRAM-SHA-256")
            throw new MongoConfigurationException($"authMechanism={mechanism} is not supported here; SCRAM-SHA-256 is.");
    }

    private static string Decode(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw new MongoConfigurationException("A '%' in a connection string begins two hexadecimal digits.");
        }
        return Uri.UnescapeDataString(text);
    }
}
