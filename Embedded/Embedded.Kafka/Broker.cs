using System.Net.Sockets;
using Embedded.Hosting;
using Embedded.Kafka.Connections;
using Embedded.Kafka.Groups;
using Embedded.Kafka.Log;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka;

/// <summary>
/// A single-node broker that speaks the Kafka protocol. Starting recovers the data folder and then listens; disposing
/// stops in order. <c>Program.cs</c> is a shell around it, and a test can start one on port 0.
/// </summary>
public sealed class Broker : IAsyncDisposable
{
    /// <summary>What requests under way get to finish in at an orderly stop.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly DataFolder _folder;
    private readonly Listener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private Task _retention = Task.CompletedTask;
    private bool _isDisposed;

    private Broker(BrokerOptions options, ILogger log, TimeProvider time, DataFolder folder, Listener listener)
    {
        Options = options;
        Log = log;
        Time = time;
        _folder = folder;
        _listener = listener;
        Flusher = new Flusher(options, log);
        Topics = new TopicCatalog(folder, new LogSettings(options, Flusher, new Volume(folder.Path, options.MinFreeBytes, log), log));
        Flusher.AfterPass = Topics.SaveCheckpoint;
    }

    public BrokerOptions Options { get; }

    /// <summary>The port clients reach, also when a free one was asked for.</summary>
    public int Port => _listener.Port;

    /// <summary>What clients are told to connect to. "localhost" would send some of them to ::1 first.</summary>
    public string AdvertisedHost => Options.AdvertisedHost ?? (Options.ListenHost == "localhost" ? "127.0.0.1" : Options.ListenHost);

    /// <summary>22 characters, made with the data folder.</summary>
    public string ClusterId => _folder.ClusterId;

    internal ILogger Log { get; }

    /// <summary>Made when the topics are recovered, before the first client is let in.</summary>
    internal GroupCoordinator Groups { get; private set; } = null!;

    internal TopicCatalog Topics { get; }

    internal Flusher Flusher { get; }

    /// <summary>Every deadline of the broker is a timer of this clock.</summary>
    internal TimeProvider Time { get; }

    /// <summary>Recovers the data folder, then listens.</summary>
    /// <param name="time">The system's clock where it is not given.</param>
    /// <exception cref="StartupException">The address is taken, or the data folder cannot be used.</exception>
    public static async Task<Broker> StartAsync(
        BrokerOptions options, ILogger<Broker> log, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        options.Check();
        var listener = Listen(options);                                      // a taken port shows before a long recovery, not after
        DataFolder? folder = null;
        Broker? broker = null;
        try
        {
            folder = DataFolder.Open(options.DataDirectory);
            broker = new Broker(options, log, time ?? TimeProvider.System, folder, listener);
            await Task.Run(broker.Open, cancellationToken);
            return broker;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await CloseAsync();
            throw new StartupException(
                $"The data folder {options.DataDirectory} cannot be used ({e.Message}). Make room and make it writable, or give another one with --data DIR.", e);
        }
        catch
        {
            await CloseAsync();
            throw;
        }

        async Task CloseAsync()
        {
            if (broker is not null)
            {
                broker.Close();
            }
            else
            {
                folder?.Dispose();
            }

            await listener.DisposeAsync();
        }
    }

    /// <summary>Answers waiting fetches, closes connections, puts everything on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopping.CancelAsync();
        await _listener.StopAsync(StopPatience);
        await _retention;
        Flusher.Stop();
        try
        {
            foreach (var partition in Topics.All.SelectMany(topic => topic.Partitions))
            {
                partition.SaveState();
            }

            Topics.SaveCheckpoint();
            _folder.MarkClean();
            Log.Stopped();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.StoppedUnclean(e.Message);
        }

        Close();
        await _listener.DisposeAsync();
    }

    /// <summary>Completes when what was written until now may be acknowledged: at once, or with flush.on.ack when it is on disk.</summary>
    internal ValueTask WhenDurableAsync() => Options.FlushOnAck ? new ValueTask(Flusher.FlushAsync()) : ValueTask.CompletedTask;

    private static Listener Listen(BrokerOptions options)
    {
        var where = $"{options.ListenHost}:{options.ListenPort}";
        try
        {
            var listener = Listener.Bind(options);
            if (listener.IsLoopbackOnly || options.AllowInsecure)
            {
                return listener;
            }

            listener.DisposeAsync().AsTask().Wait();
            throw new StartupException($"{where} can be reached by other machines, and this broker asks nobody for a password. Listen on 127.0.0.1, or add --allow.insecure.");
        }
        catch (SocketException e)
        {
            throw new StartupException(
                $"Cannot listen on {where} ({e.Message}). Stop what uses that port, or choose another one with --listen HOST:PORT.", e);
        }
    }

    private void Open()
    {
        Topics.Recover(Time.GetUtcNow().ToUnixTimeMilliseconds());
        Groups = new GroupCoordinator(Options, Topics.HasPartition, Time, Log);
        Topics.Deleted += topic => Groups.ForgetTopic(topic.Name);
        foreach (var partition in Topics.Truncated)
        {
            Groups.MoveBack(partition.Topic, partition.Partition, partition.Current.EndOffset);
        }

        Flusher.Watch(Groups.Flush);
        Flusher.Start();
        _retention = ApplyRetentionAsync();
        _listener.Start(this);
        Log.Started(Options.ListenHost, AdvertisedHost, Port, ClusterId, _folder.Path);
    }

    private void Close()
    {
        Flusher.Dispose();
        Groups?.Dispose();
        Topics.Dispose();
        _folder.Dispose();
        _stopping.Dispose();
    }

    private async Task ApplyRetentionAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Options.RetentionCheckIntervalMs), Time);
        try
        {
            do
            {
                var nowMs = Time.GetUtcNow().ToUnixTimeMilliseconds();
                foreach (var partition in Topics.All.SelectMany(topic => topic.Partitions))
                {
                    try
                    {
                        partition.ApplyRetention(nowMs);
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                    {
                        Log.RetentionFailed(e, partition.Topic, partition.Partition);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
