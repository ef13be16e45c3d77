using Microsoft.Extensions.Options;
using Pipeline.ServiceDefaults;

namespace Pipeline.Producer;

/// <summary>Runs all cameras, reports at the end, and stops the service when a finite run is over.</summary>
internal sealed class CameraFleet(
    IOptions<ProducerOptions> options, CameraSet cameras, ImageSender sender, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<CameraFleet> log, EchoReader? echo = null) : BackgroundService
{
    // Leaves the client time to say goodbye within what a service may take to stop.
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan EchoWithin = TimeSpan.FromSeconds(30);

    /// <summary>Reads the pictures before the service counts as started, so that a missing data set stops it there.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        cameras.Load();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        if (cameras.Count == 0)
        {
            log.NoCameras();                                 // the service stays, for devices
            return;
        }

        log.Starting(cameras.Count, settings.Images, settings.Rate, settings.Noise);

        var started = time.GetTimestamp();
        using var shutter = new Shutter(time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            // On the pool: at full speed a camera hardly ever waits, and would not let the next one begin.
            var opened = await cameras.OpenAsync(shutter, stoppingToken);
            var start = time.GetUtcNow();
            await Task.WhenAll(opened.Select(camera => Task.Run(() => RunAsync(camera, start, ending), CancellationToken.None)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An endless run ends this way; what is on its way is still waited for.
        }
        using var giveUp = new CancellationTokenSource(DrainWithin, time);
        await DrainAsync(stoppingToken.IsCancellationRequested ? giveUp.Token : CancellationToken.None);

        var seconds = time.GetElapsedTime(started).TotalSeconds;
        log.Report(sender.Sent, sender.Acknowledged, sender.Failed, seconds, sender.Acknowledged / seconds);
        if (sender.Failed > 0)
        {
            throw new StartupException(
                $"Kafka did not take {sender.Failed} of {sender.Sent} images ({sender.FirstFailure}).", "Look at the broker, then run again.");
        }

        if (echo is not null)
        {
            await WaitForEchoAsync(echo, stoppingToken);
        }

        lifetime.StopApplication();
    }

    /// <summary>One camera that fails ends all, at once: the others of an endless run would never end.</summary>
    private static async Task RunAsync(Func<DateTimeOffset, CancellationToken, Task> camera, DateTimeOffset start, CancellationTokenSource ending)
    {
        try
        {
            await camera(start, ending.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await ending.CancelAsync();
            throw;
        }
    }

    /// <summary>Images that nobody answers within the limit count as lost; a redelivered one may count twice, and end the wait early.</summary>
    private async Task WaitForEchoAsync(EchoReader echo, CancellationToken stoppingToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        giveUp.CancelAfter(EchoWithin);
        try
        {
            await echo.WaitForAsync(sender.Acknowledged, giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            log.NotEchoed(sender.Acknowledged - echo.Read);
        }
    }

    private async Task DrainAsync(CancellationToken giveUp)
    {
        try
        {
            await sender.DrainAsync(giveUp);
        }
        catch (OperationCanceledException)
        {
            log.NotDrained(sender.Sent - sender.Acknowledged - sender.Failed);
        }
    }
}
