namespace Pipeline.Inference;

/// <summary>What it takes to classify a batch: a runner and a decoder of the model in use. For one thread at a time.</summary>
internal sealed class Seat : IDisposable
{
    private readonly CurrentModel _model;

    public Seat(CurrentModel model)
    {
        _model = model;
        (Classifier, Runner) = model.CreateRunner();
        Decoder = Classifier.CreateDecoder();
    }

    public ImageClassifier Classifier { get; private set; }

    public ImageClassifier.Runner Runner { get; private set; }

    public PictureDecoder Decoder { get; private set; }

    /// <summary>Between batches: changes to the model that has come into use meanwhile.</summary>
    public void Renew()
    {
        if (Classifier == _model.Classifier)
        {
            return;
        }

        var (classifier, runner) = _model.CreateRunner();
        Dispose();
        (Classifier, Runner, Decoder) = (classifier, runner, classifier.CreateDecoder());
    }

    public void Dispose()
    {
        Decoder.Dispose();
        Runner.Dispose();
    }
}
