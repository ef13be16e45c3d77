using System.Runtime.InteropServices;
using Embedded.Hosting;
using Embedded.Kafka;
using Microsoft.Extensions.Logging;

// A request is handled on the thread that saw it arrive: handlers are short, and a hop to the pool costs more than most of them.
// Read by System.Net.Sockets when the first socket is made; measured with bench: pipeline, a third less processor time.
const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
Environment.SetEnvironmentVariable(InlineCompletions, Environment.GetEnvironmentVariable(InlineCompletions) ?? "1");

// stdout carries one line, for whoever started this process; the log goes to stderr.
using var logs = LoggerFactory.Create(logging => logging
    .SetMinimumLevel(
        Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable("KAFKA_LOG"), ignoreCase: true, out var level) ? level : LogLevel.Information)
    .AddSimpleConsole(console => console.SingleLine = true)
    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
try
{
    var options = BrokerOptions.Parse([.. BrokerOptions.FromEnvironment(Environment.GetEnvironmentVariables()), .. args]);
    await using var broker = await Broker.StartAsync(options, logs.CreateLogger<Broker>());
    Console.WriteLine($"listening {broker.AdvertisedHost}:{broker.Port}");
    var metrics = MetricsExport.Start(BrokerMetrics.MeterName);
    await stop.Task;
    GC.KeepAlive(metrics);
    return 0;
}
catch (Exception e) when (e is StartupException or ArgumentException)
{
    await Console.Error.WriteLineAsync($"embedded-kafka: {e.Message}");
    return 1;
}
