using Pipeline.ServiceDefaults;

namespace Pipeline.Inference;

/// <summary>Loads the model and runs it before anything else starts: the first image then takes as long as the others, and /health answers only after that.</summary>
internal sealed class ModelWarmUp(CurrentModel model) : IStartupStep
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        PictureDecoder.WarmUp();
        model.LoadFirst(cancellationToken);
        return Task.CompletedTask;
    }
}
