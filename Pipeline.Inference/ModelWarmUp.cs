namespace Pipeline.Inference;

/// <summary>Loads the model and runs it before anything else starts: the first image then takes as long as the others, and /health answers only after that.</summary>
internal sealed class ModelWarmUp(IServiceProvider services, ILogger<ModelWarmUp> log) : IHostedLifecycleService
{
    private const int Runs = 5;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var classifier = services.GetRequiredService<ImageClassifier>();     // here, so that a missing model stops the start
        using var runner = classifier.CreateRunner();
        for (var run = 0; run < Runs; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            runner.Run(1);
            runner.Run(classifier.MaxBatch);
        }
        log.WarmedUp(classifier.ModelName, classifier.ModelVersion);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
