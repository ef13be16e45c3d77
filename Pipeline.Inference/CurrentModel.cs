using Microsoft.Extensions.Options;
using Pipeline.ServiceDefaults;

namespace Pipeline.Inference;

/// <summary>
/// The model in use, and how another takes its place: it is loaded and warm beside the first before anybody sees it, and whoever runs the first ends
/// that run with it. A model's session goes when its last runner has.
/// </summary>
internal sealed class CurrentModel(IOptions<ModelOptions> options, ILogger<CurrentModel> log) : IDisposable
{
    private readonly Lock _lock = new();                     // makers of runners, and who changes the model under them
    private readonly SemaphoreSlim _loading = new(1);
    private ImageClassifier? _classifier;

    /// <summary>Another model is in use now.</summary>
    public event Action? Replaced;

    /// <summary>The model in use; without a runner it may go at any time, but what it says of itself stays.</summary>
    public ImageClassifier Classifier => Volatile.Read(ref _classifier) ?? throw new InvalidOperationException("The model is not loaded yet.");

    /// <summary>Loads the first model. A step of its own, so that a missing one is a step that fails.</summary>
    /// <exception cref="StartupException">It does not fit.</exception>
    public void LoadFirst(CancellationToken cancellationToken)
    {
        _classifier = Load(cancellationToken);
        log.WarmedUp(_classifier.ModelName, _classifier.ModelVersion);
    }

    /// <summary>Looks at the model's files, and takes what they are now in place of what they were.</summary>
    /// <exception cref="StartupException">They do not fit; the model in use stays.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(() => Replace(Load(cancellationToken)), cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>A seat at the model in use; for one thread at a time.</summary>
    public Seat CreateSeat() => new(this);

    internal (ImageClassifier Classifier, ImageClassifier.Runner Runner) CreateRunner()
    {
        lock (_lock)
        {
            return (Classifier, Classifier.CreateRunner());
        }
    }

    private ImageClassifier Load(CancellationToken cancellationToken)
    {
        var loaded = new ImageClassifier(options);
        try
        {
            loaded.WarmUp(cancellationToken);
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    private void Replace(ImageClassifier loaded)
    {
        var before = Classifier;
        if (before.ModelVersion == loaded.ModelVersion)
        {
            loaded.Dispose();
            return;
        }

        lock (_lock)
        {
            Volatile.Write(ref _classifier, loaded);
            before.Dispose();
        }

        log.Replaced(before.ModelName, before.ModelVersion, loaded.ModelName, loaded.ModelVersion);
        Replaced?.Invoke();
    }

    public void Dispose()
    {
        _classifier?.Dispose();
        _loading.Dispose();
    }
}
