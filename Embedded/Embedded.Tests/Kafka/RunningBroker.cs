using Embedded.Kafka;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Embedded.Tests.Kafka;

/// <summary>A broker inside the test's process, on a free port and a temporary folder; it can be stopped and started again.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Func<BrokerOptions, BrokerOptions> _configure;

    private readonly TimeProvider? _time;
    private readonly ILoggerFactory _log;

    private RunningBroker(Func<BrokerOptions, BrokerOptions> configure, TimeProvider? time, ILoggerFactory log) =>
        (_configure, _time, _log) = (configure, time, log);

    public Broker Broker { get; private set; } = null!;

    public string DataDirectory => _folder.Path;

    public string Bootstrap => $"127.0.0.1:{Broker.Port}";

    public static async Task<RunningBroker> StartAsync(
        Func<BrokerOptions, BrokerOptions>? configure = null, TimeProvider? time = null, ILoggerFactory? log = null)
    {
        var running = new RunningBroker(configure ?? (options => options), time, log ?? NullLoggerFactory.Instance);
        await running.StartAgainAsync();
        return running;
    }

    public async Task StartAgainAsync() =>
        Broker = await Broker.StartAsync(
            _configure(new BrokerOptions { DataDirectory = _folder.Path, ListenPort = 0 }), _log.CreateLogger<Broker>(), _time);

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        _folder.Dispose();
    }
}
