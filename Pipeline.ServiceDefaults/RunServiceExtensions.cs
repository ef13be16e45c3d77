using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pipeline.ServiceDefaults;

/// <summary>How every service ends.</summary>
public static partial class RunServiceExtensions
{
    /// <summary>Runs until the service is told to stop or a worker fails.</summary>
    /// <returns>The exit code: 0 after a clean stop, 1 when it could not start or a worker gave up.</returns>
    /// <remarks>
    /// What a person can put right (<see cref="StartupException"/>, a bad option, a port in use) is one line on stderr.
    /// Anything else is ours and is logged whole.
    /// </remarks>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Pipeline.Service");
        BackgroundService[] workers = [];
        try
        {
            workers = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await app.RunAsync();
        }
        catch (Exception failure)
        {
            return await ReportAsync(failure, log);
        }
        foreach (var worker in workers)
        {
            // The host stops when a worker fails, and calls that a success.
            if (worker.ExecuteTask?.Exception is { } failure)
                return await ReportAsync(failure.GetBaseException(), log);
        }
        return 0;
    }

    private static async Task<int> ReportAsync(Exception failure, ILogger log)
    {
        if (OneLine(failure) is { } line)
            await Console.Error.WriteLineAsync(line);
        else
            log.ServiceFailed(failure);
        return 1;
    }

    private static string? OneLine(Exception failure) => failure switch
    {
        StartupException startup => startup.Message,
        OptionsValidationException options => string.Join(" ", options.Failures),
        IOException { InnerException: AddressInUseException } inUse => $"{inUse.Message} Stop what listens there, or give another address in ASPNETCORE_URLS.",
        _ => null,
    };

    [LoggerMessage(EventId = 1, EventName = "service.failed", Level = LogLevel.Critical, Message = "The service stops: a worker failed")]
    private static partial void ServiceFailed(this ILogger log, Exception failure);
}
