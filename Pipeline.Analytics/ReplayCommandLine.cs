using System.CommandLine;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Analytics;

/// <summary><c>replay --dead-letters [--kafka HOST:PORT]</c>.</summary>
internal static class ReplayCommandLine
{
    private const string Name = "replay";

    private const int BadUsage = 2;

    private static readonly Option<bool> DeadLetters = new("--dead-letters") { Description = "The records of all dead letters, each once" };

    private static readonly Option<string?> Kafka = new("--kafka")
    {
        HelpName = "HOST:PORT",
        Description = $"The broker [default: ConnectionStrings__{DeadLetterReplay.ConnectionName} from the environment]",
    };

    /// <summary>Whether a replay is asked for, rather than the page.</summary>
    public static bool IsAskedFor(string[] args) => args is [Name, ..];

    /// <returns>The exit code: 0 when all that could be read is sent, 1 when letters are left or there was no replay, 2 for words that it does not know.</returns>
    public static async Task<int> RunAsync(string[] args, string? connectionString)
    {
        var replay = new Command(Name, "Sends records again to the topics that they came from, after what was wrong is mended") { DeadLetters, Kafka };
        replay.SetAction((parsed, cancellationToken) => parsed.GetValue(DeadLetters)
            ? RunAsync(parsed.GetValue(Kafka) ?? connectionString, cancellationToken)
            : RefuseAsync("Replay what? Say --dead-letters."));
        var parsed = new RootCommand { replay }.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var exitCode = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? BadUsage : exitCode;
    }

    private static async Task<int> RefuseAsync(string problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return BadUsage;
    }

    private static async Task<int> RunAsync(string? servers, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(servers))
        {
            return await RefuseAsync("Which broker? Name it with --kafka HOST:PORT, for example 127.0.0.1:9092.");
        }
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration[$"ConnectionStrings:{DeadLetterReplay.ConnectionName}"] = servers;
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddTopicOptions();
        builder.AddDeadLetters();
        using var host = builder.Build();
        try
        {
            if (await host.Services.GetRequiredService<DeadLetterReplay>().RunAsync(cancellationToken) is not { } outcome)
            {
                await Console.Error.WriteLineAsync("Another replay is under way.");
                return 1;
            }
            await Console.Out.WriteLineAsync($"{outcome.Sent} dead letters sent again, {outcome.Left} left");
            foreach (var left in outcome.Reasons)
            {
                await Console.Error.WriteLineAsync($"{left.Letter}: {left.Problem}");
            }
            return outcome.Left == 0 ? 0 : 1;
        }
        catch (OptionsValidationException wrong)
        {
            return await RefuseAsync(string.Join(' ', wrong.Failures));
        }
        catch (KafkaException away)
        {
            await Console.Error.WriteLineAsync($"Kafka at {servers} does not answer as it should ({away.Error.Reason}). Is it running, and is --kafka right?");
            return 1;
        }
    }
}
