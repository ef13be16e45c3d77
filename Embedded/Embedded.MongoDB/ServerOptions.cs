using System.Globalization;
using System.Net;
using Embedded.Hosting;
using Embedded.MongoDB.Security;

namespace Embedded.MongoDB;

/// <summary>What the command line and the environment say.</summary>
/// <param name="Address">Where to listen.</param>
/// <param name="Port">The port, 0 for any that is free.</param>
/// <param name="DataFolder">Where the databases are.</param>
/// <param name="IsFullyDurable">Every reply waits for the disk, not only those that ask for it.</param>
/// <param name="CacheMegabytes">Page cache of each database's writer, in MiB.</param>
/// <param name="MinFreeMegabytes">What grows is refused while the data folder's volume has less free, in MiB.</param>
/// <param name="RootUser">Who must log in, from the environment; null: nobody is asked.</param>
internal sealed record ServerOptions(
    IPAddress Address, int Port, string DataFolder, bool IsFullyDurable = false, int CacheMegabytes = ServerOptions.DefaultCacheMegabytes,
    long MinFreeMegabytes = ServerOptions.DefaultMinFreeMegabytes, RootUser? RootUser = null)
{
    public const int DefaultPort = 27017;
    public const int DefaultCacheMegabytes = 128;
    public const int DefaultMinFreeMegabytes = 256;

    public const string Usage =
        "usage: Embedded.MongoDB [--listen HOST:PORT] [--data DIR] [--durability group|full] [--cache-mb N] [--min-free-mb N]";

    /// <exception cref="StartupException">An option is unknown or has an impossible value.</exception>
    public static ServerOptions Parse(string[] arguments)
    {
        var options = new ServerOptions(IPAddress.Loopback, DefaultPort, "data");
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length)
            {
                throw new StartupException($"{arguments[i]} needs a value; {Usage}");
            }

            options = options.With(arguments[i], arguments[i + 1]);
        }

        return options;
    }

    private ServerOptions With(string name, string value) => name switch
    {
        "--listen" => WithEndpoint(value),
        "--data" => this with { DataFolder = value },
        "--durability" when value is "group" or "full" => this with { IsFullyDurable = value == "full" },
        "--cache-mb" when int.TryParse(value, CultureInfo.InvariantCulture, out var megabytes) && megabytes is > 0 and <= 65536 =>
            this with { CacheMegabytes = megabytes },
        "--min-free-mb" when int.TryParse(value, CultureInfo.InvariantCulture, out var megabytes) && megabytes >= 0 =>
            this with { MinFreeMegabytes = megabytes },
        _ => throw new StartupException($"{name} {value} is not understood; {Usage}"),
    };

    private ServerOptions WithEndpoint(string value)
    {
        var colon = value.LastIndexOf(':');
        var host = colon < 0 ? "" : value[..colon].Trim('[', ']');
        if (host == "localhost")
        {
            host = "127.0.0.1";
        }

        if (!IPAddress.TryParse(host, out var address) || !ushort.TryParse(value[(colon + 1)..], CultureInfo.InvariantCulture, out var port))
        {
            throw new StartupException($"--listen {value} is no HOST:PORT; {Usage}");
        }

        return this with { Address = address, Port = port };
    }
}
