using System.Globalization;

namespace MongoDB.Driver;

/// <summary>Host and port of a server.</summary>
public class MongoServerAddress : IEquatable<MongoServerAddress>
{
    private const int DefaultPort = 27017;

    public MongoServerAddress(string host) : this(host, DefaultPort) { }

    public MongoServerAddress(string host, int port)
    {
        Host = host ?? throw new ArgumentNullException(nameof(host));
        Port = port;
    }

    /// <summary>A name, an address, or the path of a Unix socket.</summary>
    public string Host { get; }

    public int Port { get; }

    internal bool IsUnixSocket => Host.EndsWith(".sock", StringComparison.Ordinal);

    /// <exception cref="FormatException">Neither <c>host</c>, <c>host:port</c> nor <c>[address]:port</c>.</exception>
    public static MongoServerAddress Parse(string value) =>
        TryParse(value, out var result) ? result! : throw new FormatException($"'{value}' is not a valid server address.");

    public static bool TryParse(string? value, out MongoServerAddress? result)
    {
        result = null;
        if (string.IsNullOrEmpty(value))
            return false;
        if (value.EndsWith(".sock", StringComparison.Ordinal))
        {
            result = new(value);
            return true;
        }

        var isBracketed = value[0] == '[';
        var hostEnd = isBracketed ? value.IndexOf(']', StringComparison.Ordinal) + 1 : value.IndexOf(':', StringComparison.Ordinal);
        hostEnd = hostEnd < 0 ? value.Length : hostEnd;
        var host = isBracketed ? value[1..Math.Max(1, hostEnd - 1)] : value[..hostEnd];
        var rest = value[hostEnd..];
        var port = DefaultPort;
        if (host.Length == 0 || (rest.Length > 0 && (rest[0] != ':'
            || !int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)))
            return false;
        result = new(host, port);
        return true;
    }

    public bool Equals(MongoServerAddress? obj) => obj is not null && Port == obj.Port && Host.Equals(obj.Host, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => Equals(obj as MongoServerAddress);

    public override int GetHashCode() => HashCode.Combine(Host.ToLowerInvariant(), Port);

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
