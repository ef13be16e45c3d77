using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

/// <summary>
/// Says in a line on stderr why nothing was published, and lets the program end with 1. Aspire logs a failure four times, each with its
/// stack, and ends with 0.
/// </summary>
internal sealed class PublishingOutcome(IServiceProvider services) : IHostedLifecycleService
{
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        var problems = services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Select(service => service.ExecuteTask?.Exception).OfType<Exception>().SelectMany(Causes).Distinct();
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
            Environment.ExitCode = 1;
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Several steps may fail, and Aspire wraps what they said.
    private static IEnumerable<string> Causes(Exception problem) => problem switch
    {
        AggregateException several => several.InnerExceptions.SelectMany(Causes),
        DistributedApplicationException { InnerException: { } cause } => Causes(cause),
        _ => [problem.Message],
    };
}
