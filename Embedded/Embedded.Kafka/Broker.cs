using Embedded.Kafka.Connections;
using Embedded.Kafka.Groups;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka;

/// <summary>
/// A single-node broker that speaks the Kafka protocol. Starting recovers the data folder and then listens; disposing
/// stops in order. <c>Program.cs</c> is a shell around it, and a test can start one on port 0.
/// </summary>
public sealed class Broker : IAsyncDisposable
{
    /// <summary>What requests under way get to finish in at an orderly stop.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly Listener _listener;

    private Broker(BrokerOptions options, ILogger log)
    {
        Options = options;
        Log = log;
        Directory.CreateDirectory(options.DataDirectory);
        Groups = new GroupCoordinator(options, partitionExists: (_, _) => true, TimeProvider.System, log);
        _listener = Listener.Bind(this, options.ListenHost, options.ListenPort);
        Port = _listener.Port;
    }

    public BrokerOptions Options { get; }

    /// <summary>The port clients reach, also when a free one was asked for.</summary>
    public int Port { get; }

    /// <summary>What clients are told to connect to. "localhost" would send some of them to ::1 first.</summary>
    public string AdvertisedHost => Options.AdvertisedHost ?? (Options.ListenHost == "localhost" ? "127.0.0.1" : Options.ListenHost);

    internal ILogger Log { get; }

    internal GroupCoordinator Groups { get; }

    /// <summary>Recovers the data folder, then listens.</summary>
    public static async Task<Broker> StartAsync(BrokerOptions options, ILogger<Broker> log, CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        var broker = new Broker(options, log);
        broker._listener.Start();
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync(StopPatience);
        await _listener.DisposeAsync();
        Groups.Dispose();
        Log.Stopped();
    }
}
