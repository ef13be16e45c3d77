using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

/// <summary>Bytes that .NET programs allocate on their managed heaps, as the runtime's own counter tells once a second.</summary>
internal sealed class Allocations : IAsyncDisposable
{
    private const string Counter = "alloc-rate";

    private static readonly EventPipeProvider Runtime = new(
        "System.Runtime", EventLevel.Informational, arguments: new Dictionary<string, string> { ["EventCounterIntervalSec"] = "1" });

    private readonly List<(EventPipeSession Session, Task Reading)> _sessions = [];
    private readonly ConcurrentDictionary<string, double> _bytes = new();

    /// <summary>Begins to count, for the processes that are there: one and all below it.</summary>
    public Allocations(int ancestor)
    {
        foreach (var id in ProcessAccount.IdsBelow(ancestor).Intersect(DiagnosticsClient.GetPublishedProcesses()))
        {
            var session = new DiagnosticsClient(id).StartEventPipeSession(Runtime, requestRundown: false);
            var program = ProcessAccount.NameOf(id);
            _sessions.Add((session, Task.Factory.StartNew(() => Read(session, program), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }
    }

    /// <summary>Since the beginning, of all processes of a program; 0 where it is none of .NET.</summary>
    public double BytesOf(string program) => _bytes.GetValueOrDefault(program);

    /// <summary>After the programs have ended, which ends their streams.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (session, reading) in _sessions)
        {
            await reading;
            session.Dispose();
        }
    }

    private void Read(EventPipeSession session, string program)
    {
        using var events = new EventPipeEventSource(session.EventStream);
        events.Dynamic.All += one =>
        {
            if (one.EventName == "EventCounters" && one.PayloadValue(0) is IDictionary<string, object> payload
                && payload["Payload"] is IDictionary<string, object> counter && counter["Name"] is Counter)
            {
                _bytes.AddOrUpdate(program, (double)counter["Increment"], (_, bytes) => bytes + (double)counter["Increment"]);
            }
        };
        events.Process();
    }
}
