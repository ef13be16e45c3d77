using System.Globalization;
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
    /// <summary>A broker that hangs would hold the Kafka client, which wants to say goodbye to it, for half a minute.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(12);

    /// <summary>Runs until the service is told to stop or a worker fails.</summary>
    /// <returns>The exit code: 0 after a clean stop, 1 when it could not start or a worker gave up.</returns>
    /// <remarks>
    /// What a person can put right (<see cref="StartupException"/>, a bad option, a port in use) is one line on stderr.
    /// Anything else is ours and is logged whole.
    /// </remarks>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Pipeline.Service");
        BackgroundService[] workers;
        try
        {
            await PrepareAsync(app);
            workers = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await RunAsync(app);
        }
        catch (Exception failure)
        {
            return await ReportAsync(failure, log);
        }
        foreach (var worker in workers)
        {
            // The host stops when a worker fails, and calls that a success.
            if (worker.ExecuteTask?.Exception is { } failure)
            {
                return await ReportAsync(failure.GetBaseException(), log);
            }
        }
        return 0;
    }

    /// <summary>Returns when the service has stopped, or has been told to and cannot.</summary>
    private static async Task RunAsync(WebApplication app)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var told = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        var running = app.RunAsync();
        await Task.WhenAny(running, stopping.Task);
        try
        {
            await running.WaitAsync(StopWithin);
        }
        catch (TimeoutException)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Not stopped within {StopWithin.TotalSeconds} s; what is not committed is read again after the next start."));
        }
    }

    /// <summary>Options, then every <see cref="IStartupStep"/>, before anything that depends on them exists.</summary>
    private static async Task PrepareAsync(WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (InvalidOperationException unreadable)         // such as a word where a number belongs; the message names the option
        {
            throw new StartupException(unreadable.Message, "Correct it in the environment, on the command line or in appsettings.json.", unreadable);
        }
        foreach (var step in app.Services.GetServices<IStartupStep>())
        {
            await step.RunAsync(app.Lifetime.ApplicationStopping);
        }
    }

    private static async Task<int> ReportAsync(Exception failure, ILogger log)
    {
        if (OneLine(failure) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
        }
        else
        {
            log.ServiceFailed(failure);
        }

        return 1;
    }

    private static string? OneLine(Exception failure) => failure switch
    {
        StartupException startup => startup.Message,
        OptionsValidationException options => string.Join(" ", options.Failures),
        IOException { InnerException: AddressInUseException } inUse =>
            $"{inUse.Message} Stop what listens there, or give another address in ASPNETCORE_URLS.",
        _ => null,
    };

    [LoggerMessage(EventId = 1, EventName = "service.failed", Level = LogLevel.Critical, Message = "The service stops after an unexpected failure")]
    private static partial void ServiceFailed(this ILogger log, Exception failure);
}
