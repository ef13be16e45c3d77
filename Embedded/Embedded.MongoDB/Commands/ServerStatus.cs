using System.Diagnostics;

namespace Embedded.MongoDB.Commands;

/// <summary>serverStatus: counters for monitors and for people. What has no meaning here is left out rather than made up.</summary>
internal static class ServerStatus
{
    public static ValueTask RunAsync(CommandCall call)
    {
        const long bytesPerMegabyte = 1024 * 1024;
        var reply = call.Reply;
        var server = call.Server;
        var counters = server.Counters;
        var uptime = call.Now - server.StartedAt;
        using var process = Process.GetCurrentProcess();

        reply.WriteString("host"u8, $"{Environment.MachineName}:{server.Endpoint.Port}");
        reply.WriteString("version"u8, ServerVersion.Text);
        reply.WriteString("process"u8, "embedded-mongo");
        reply.WriteInt64("pid"u8, process.Id);
        reply.WriteDouble("uptime"u8, Math.Floor(uptime.TotalSeconds));
        reply.WriteInt64("uptimeMillis"u8, (long)uptime.TotalMilliseconds);
        reply.WriteInt64("uptimeEstimate"u8, (long)uptime.TotalSeconds);
        reply.WriteDateTime("localTime"u8, call.Now.ToUnixTimeMilliseconds());

        var connections = reply.BeginDocument("connections"u8);
        reply.WriteInt32("current"u8, server.OpenConnectionCount);
        reply.WriteInt32("available"u8, MongoServer.MaxConnectionCount - server.OpenConnectionCount);
        reply.WriteInt32("totalCreated"u8, server.TotalConnectionCount);
        reply.WriteInt32("active"u8, server.OpenConnectionCount);
        reply.EndDocument(connections);

        var network = reply.BeginDocument("network"u8);
        reply.WriteInt64("bytesIn"u8, counters.BytesIn);
        reply.WriteInt64("bytesOut"u8, counters.BytesOut);
        reply.WriteInt64("numRequests"u8, counters.Requests);
        reply.EndDocument(network);

        var operations = reply.BeginDocument("opcounters"u8);
        reply.WriteInt64("insert"u8, counters.Inserted);
        reply.WriteInt64("query"u8, counters.Queries);
        reply.WriteInt64("update"u8, counters.Updated);
        reply.WriteInt64("delete"u8, counters.Deleted);
        reply.WriteInt64("getmore"u8, counters.GetMores);
        reply.WriteInt64("command"u8, counters.Commands);
        reply.EndDocument(operations);

        var memory = reply.BeginDocument("mem"u8);
        reply.WriteInt32("bits"u8, 64);
        reply.WriteInt32("resident"u8, (int)(process.WorkingSet64 / bytesPerMegabyte));
        reply.WriteInt32("virtual"u8, (int)Math.Min(int.MaxValue, process.VirtualMemorySize64 / bytesPerMegabyte));
        reply.WriteBoolean("supported"u8, true);
        reply.EndDocument(memory);

        var metrics = reply.BeginDocument("metrics"u8);
        var cursor = reply.BeginDocument("cursor"u8);
        var open = reply.BeginDocument("open"u8);
        reply.WriteInt64("total"u8, server.Cursors.Count);
        reply.EndDocument(open);
        reply.EndDocument(cursor);
        reply.EndDocument(metrics);

        var engine = reply.BeginDocument("storageEngine"u8);
        reply.WriteString("name"u8, "sqlite");
        reply.WriteBoolean("persistent"u8, true);
        reply.EndDocument(engine);
        reply.EndDocument(reply.BeginDocument("transactions"u8));
        return ValueTask.CompletedTask;
    }
}
