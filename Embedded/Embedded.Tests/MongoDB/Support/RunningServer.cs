using System.Net;
using Embedded.MongoDB;
using Embedded.MongoDB.Security;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Embedded.Tests.MongoDB.Support;

/// <summary>A store in this process, on a free port and a folder of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private MongoServer _server;

    private readonly RootUser? _user;
    private readonly ILoggerFactory _log;

    private RunningServer(RootUser? user, ILoggerFactory log) => (_server, _user, _log) = (null!, user, log);

    public MongoServer Server => _server;

    public string Folder => _folder.Path;

    /// <summary>For drivers.</summary>
    public string Url => $"mongodb://127.0.0.1:{_server.Endpoint.Port}";

    /// <param name="user">Who must log in; null: nobody is asked.</param>
    public static async Task<RunningServer> StartAsync(RootUser? user = null, ILoggerFactory? log = null)
    {
        var running = new RunningServer(user, log ?? NullLoggerFactory.Instance);
        await running.OpenAsync();
        return running;
    }

    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(_server.Endpoint.Port);

    /// <summary>Stops in order and starts again on the same folder, on another port.</summary>
    public async Task RestartAsync()
    {
        await _server.DisposeAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    public async Task OpenAsync() =>
        _server = await MongoServer.StartAsync(new ServerOptions(IPAddress.Loopback, 0, _folder.Path, RootUser: _user), _log);
}
