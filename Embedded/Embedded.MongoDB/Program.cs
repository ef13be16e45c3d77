using System.Runtime.InteropServices;
using Embedded.Hosting;
using Embedded.MongoDB;
using Embedded.MongoDB.Security;
using Microsoft.Extensions.Logging;

// Standard output carries one line, "listening HOST:PORT", for whoever started this; everything else goes to standard error.
using var logs = LoggerFactory.Create(static logging => logging
    .AddSimpleConsole(static console => console.SingleLine = true)
    .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace));

// SIGTERM and Ctrl-C end the wait below instead of the process.
var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.TrySetResult();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    // A writer, a checkpoint and a few scans each hold a thread for a while; sockets must not wait until the pool notices.
    ThreadPool.SetMinThreads(workerThreads: 16, completionPortThreads: 4);

    var options = ServerOptions.Parse(args) with { RootUser = RootUser.FromEnvironment(Environment.GetEnvironmentVariable) };
    await using var server = await MongoServer.StartAsync(options, logs);
    Console.WriteLine($"listening {server.Endpoint}");
    var metrics = MetricsExport.Start(ServerMetrics.MeterName);
    await stopping.Task;
    GC.KeepAlive(metrics);
    return 0;
}
catch (StartupException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
