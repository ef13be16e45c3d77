using System.Globalization;

/// <summary>One thing that goes wrong, and what it does to the pipeline.</summary>
internal sealed record Fault(string Name, Func<Task> HappenAsync)
{
    /// <summary>Draws one.</summary>
    public static Fault Draw(Random random, ChaosPipeline pipeline)
    {
        Supervised[] programs = [pipeline.Broker, pipeline.Store, .. pipeline.Services];
        (Relay Relay, string Name)[] connections = [(pipeline.KafkaRelay, "Kafka"), (pipeline.MongoDBRelay, "MongoDB")];
        var program = programs[random.Next(programs.Length)];
        var (relay, server) = connections[random.Next(connections.Length)];
        var (longTime, shortTime) = (TimeSpan.FromSeconds(random.Next(3, 21)), TimeSpan.FromSeconds(random.Next(1, 9)));
        return random.Next(pipeline.Disk.CanBeFull ? 7 : 6) switch
        {
            0 => Of($"kill -9 {program.Name}", () => program.Send("KILL")),
            1 => new($"SIGSTOP {program.Name} for {Seconds(longTime)}", () => StopAsync(program, longTime)),
            2 => Of($"SIGTERM {program.Name}", () => program.Send("TERM")),
            3 => Of($"connections to {server} cut", relay.Cut),
            4 => new($"connections to {server} stand still for {Seconds(shortTime)}", () => relay.StandStillAsync(shortTime)),
            5 => new($"connections to {server} swallow everything for {Seconds(shortTime)}, then break", () => relay.SwallowAsync(shortTime)),
            _ => new($"disk full for {Seconds(shortTime)}", () => pipeline.Disk.FillAsync(shortTime)),
        };
    }

    private static Fault Of(string name, Action happen) => new(name, () =>
    {
        happen();
        return Task.CompletedTask;
    });

    private static async Task StopAsync(Supervised program, TimeSpan duration)
    {
        program.Send("STOP");
        await Task.Delay(duration);
        program.Send("CONT");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
}
