using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

internal static class RunExtensions
{
    private const int CouldNotStart = 1;

    /// <summary>Runs until Ctrl-C or SIGTERM.</summary>
    /// <returns>0, also where it was stopped while it was still starting; 1 where it could not start or publish, which one line says.</returns>
    public static int RunUntilStopped(this DistributedApplication app)
    {
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            app.Run();
            return Environment.ExitCode;        // set where publishing failed
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (DistributedApplicationException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return CouldNotStart;
        }
    }
}
