namespace Pipeline.Inference;

/// <summary>
/// Looks whether the model's files have changed, and has them loaded once they stay as they are for a moment: a large file is copied slowly.
/// Looking works on every file system, also on those that a cluster mounts, which tell nobody of a change.
/// </summary>
internal sealed class ModelWatch(CurrentModel model, TimeProvider time, ILogger<ModelWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var (seen, tried) = ("", "");
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = model.Classifier.Stamp.Now();
            if (now == seen && now != tried && now != model.Classifier.Stamp.Text)
            {
                tried = now;                                 // also where they do not fit: said once, until they change again
                await ReloadAsync(stoppingToken);
            }

            seen = now;
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await model.ReloadAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            log.NotReplaced(model.Classifier.ModelName, model.Classifier.ModelVersion, refused.Message);
        }
    }
}
