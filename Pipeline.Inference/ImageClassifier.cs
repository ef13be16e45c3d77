using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pipeline.Inference.Models;
using Pipeline.ServiceDefaults;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Pipeline.Inference;

/// <summary>The model: pixels in, probabilities out. Beside it only the folder Models knows ONNX Runtime.</summary>
/// <remarks>
/// One session for all runners, each of which runs it on its own thread over its own buffers, with one intra-op thread:
/// two images on two cores are faster than one image on two cores twice.
/// </remarks>
internal sealed class ImageClassifier : IDisposable
{
    /// <summary>Numbers of a batch, of which each runner keeps room for one: a gigabyte of floats.</summary>
    private const int MaxBatchElements = 256 * 1024 * 1024;

    /// <summary>Where nobody says how many pictures a batch has.</summary>
    private const int LargeBatch = 64;

    /// <summary>Numbers of a large batch: 64 pictures of 32x32.</summary>
    private const int LargeBatchElements = LargeBatch * 3 * 32 * 32;

    /// <summary>The operator that every model with integer weights has, by the name that its file says.</summary>
    private static ReadOnlySpan<byte> QuantizingOperator => "QuantizeLinear"u8;

    private const int WarmUpRuns = 5;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;
    private readonly bool _takesSoftmax;
    private int _users = 1;                                  // who owns it, and each of its runners

    /// <exception cref="StartupException">The model or the native library is missing, or it is another kind of model.</exception>
    public ImageClassifier(IOptions<ModelOptions> options)
    {
        var file = ModelFile.Read(options.Value.Name);
        OnnxTelemetry.Disable();
        _session = Open(file);                               // the first to touch the native library, and able to say that it is missing
        _runOptions = new RunOptions();
        try
        {
            var card = file.Card ?? CardInside(file);
            Signature = ModelSignature.Read(_session, file, card);
            ModelName = card.Name ?? file.FileName;
            ModelVersion = file.Version;
            Stamp = file.Stamp;
            ModelPrecision = file.Onnx.AsSpan().IndexOf(QuantizingOperator) >= 0 ? "int8" : Signature.InputType == TensorElementType.Float16 ? "fp16" : "fp32";
            MaxBatch = Signature.Batch ?? options.Value.MaxBatch ?? Math.Clamp(LargeBatchElements / Signature.Elements, SmallBatch, LargeBatch);
            CheckRoom(file);
            _takesSoftmax = Try(file);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What its card says; else the file's name without its extension.</summary>
    public string ModelName { get; }

    /// <summary>The first 12 hex digits of the SHA-256 of its files.</summary>
    public string ModelVersion { get; }

    /// <summary><c>int8</c> for a model that quantizes, <c>fp16</c> for one that takes halves, else <c>fp32</c>.</summary>
    public string ModelPrecision { get; }

    /// <summary>So many images make one run worth it; more are taken at once only where many wait.</summary>
    public const int SmallBatch = 8;

    /// <summary>Most images of one run.</summary>
    public int MaxBatch { get; }

    /// <summary>What it takes and gives.</summary>
    public ModelSignature Signature { get; }

    /// <summary>The classes, one for each number of the output.</summary>
    public IReadOnlyList<string> Labels => Signature.Labels;

    /// <summary>Tells whether its files have changed.</summary>
    public ModelStamp Stamp { get; }

    /// <summary>A runner with buffers of its own; for one thread at a time.</summary>
    public Runner CreateRunner()
    {
        Interlocked.Increment(ref _users);
        return new(this, _takesSoftmax);
    }

    /// <summary>Runs it some times: the first image then takes as long as the others.</summary>
    public void WarmUp(CancellationToken cancellationToken)
    {
        using var runner = CreateRunner();
        for (var run = 0; run < WarmUpRuns; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            runner.Run(1);
            runner.Run(Math.Min(SmallBatch, MaxBatch));
        }
    }

    /// <summary>Makes its pixels of pictures; for one thread at a time.</summary>
    public PictureDecoder CreateDecoder() => new(Signature.Fit);

    /// <summary>Its session goes when its last runner has.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _runOptions.Dispose();
            _session.Dispose();
        }
    }

    private static InferenceSession Open(ModelFile file)
    {
        try
        {
            using var options = new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,      // brings the blocked convolution layout: 1.8 times faster
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
            };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");   // cores are shared with everything else
            // The bytes of which the version was made; ONNX Runtime looks for external data beside a path alone.
            return file.HasExternalData ? new InferenceSession(file.Path, options) : new InferenceSession(file.Onnx, options);
        }
        catch (OnnxRuntimeException refused)
        {
            throw new StartupException($"ONNX Runtime does not accept the model {file.Path} ({refused.Message}).", "Name a whole ONNX file in Model__Name.", refused);
        }
        catch (Exception native) when (MissingLibrary.IsToldBy(native))
        {
            throw MissingLibrary.Of(
                "ONNX Runtime", "Microsoft.ML.OnnxRuntime has it for Linux and Windows on x64 and arm64, and for macOS on arm64", native);
        }
    }

    private ModelCard CardInside(ModelFile file) => _session.ModelMetadata.CustomMetadataMap.TryGetValue(ModelCard.FileName, out var json)
        ? ModelCard.Parse(System.Text.Encoding.UTF8.GetBytes(json), $"{ModelCard.FileName} in the metadata of {file.Path}")
        : ModelCard.Empty;

    private void CheckRoom(ModelFile file)
    {
        if ((long)MaxBatch * Signature.Elements > MaxBatchElements)
        {
            throw new StartupException($"The model {file.Path} takes {MaxBatch} pictures of {Signature.Fit.Width}x{Signature.Fit.Height} at once;",
                $"a batch has room for {MaxBatchElements / Signature.Elements}: set Model__MaxBatch lower, or export it with a smaller batch.");
        }
    }

    /// <summary>Runs it once, on noise: whether it runs at all, and whether its output is logits.</summary>
    private bool Try(ModelFile file)
    {
        try
        {
            Interlocked.Increment(ref _users);
            using var runner = new Runner(this, takesSoftmax: false);
            var random = new Random(1);
            for (var image = 0; image < MaxBatch; image++)
            {
                random.NextBytes(runner.Pixels(image));
            }

            var rows = runner.Run(MaxBatch);
            var (areDistributions, areProbabilities) = (true, true);
            for (var image = 0; image < MaxBatch; image++)
            {
                var row = rows.Slice(image * Labels.Count, Labels.Count);
                areDistributions &= Softmax.IsDistribution(row);
                areProbabilities &= Softmax.AreProbabilities(row);
            }

            return Signature.Softmax is false && !areProbabilities
                ? throw new StartupException($"The model {file.Path} gives numbers below 0 or above 1;",
                    $"such a number is no probability: say \"softmax\": true in {ModelCard.FileName}, or leave it out.")
                : Signature.Softmax ?? !areDistributions;
        }
        catch (OnnxRuntimeException failed)
        {
            throw new StartupException($"The model {file.Path} cannot run {MaxBatch} pictures of {Signature.Fit.Width}x{Signature.Fit.Height} ({failed.Message}).",
                $"Give the size that it takes as width and height in {ModelCard.FileName}; Model__MaxBatch is how many it gets at once.", failed);
        }
    }

    /// <summary>Buffers and tensors for batches up to the largest; nothing is allocated in a run.</summary>
    public sealed class Runner : IDisposable
    {
        private readonly ImageClassifier _classifier;
        private readonly ModelSignature _signature;
        private readonly bool _takesSoftmax;
        private readonly InputTensor _input;
        private readonly OutputTensor _output;
        private readonly string[] _inputNames;
        private readonly string[] _outputNames;
        private readonly OrtValue[]?[] _inputs;              // by batch size, made when first needed
        private readonly OrtValue[]?[] _outputs;

        internal Runner(ImageClassifier classifier, bool takesSoftmax)
        {
            (_classifier, _signature, _takesSoftmax) = (classifier, classifier.Signature, takesSoftmax);
            (_inputNames, _outputNames) = ([_signature.InputName], [_signature.OutputName]);
            _input = InputTensor.Create(_signature, classifier.MaxBatch);
            _output = new OutputTensor(_signature, classifier.MaxBatch);
            _inputs = new OrtValue[classifier.MaxBatch + 1][];
            _outputs = new OrtValue[classifier.MaxBatch + 1][];
        }

        /// <summary>Where the pixels of an image of the next batch go: RGB24 of the model's size.</summary>
        public Span<byte> Pixels(int index) => _input.Pixels(index);

        /// <summary>Where an image of the next batch goes that is in the model's own form already.</summary>
        public Span<byte> Tensor(int index) => _input.Own(index);

        /// <summary>Classifies the first <paramref name="count"/> images by their pixels.</summary>
        /// <param name="count">1 to the largest batch.</param>
        /// <returns>A probability for each class and image, in label order; valid until the next run.</returns>
        public ReadOnlySpan<float> Run(int count)
        {
            _input.Fill(count);
            var rows = RunOwn(count);
            for (var row = 0; _takesSoftmax && row < count; row++)
            {
                Softmax.Apply(rows.Slice(row * _signature.Labels.Count, _signature.Labels.Count));
            }

            return rows;
        }

        /// <summary>Runs the model on the first <paramref name="count"/> images in its own form.</summary>
        /// <returns>Its output as it is; valid until the next run.</returns>
        public ReadOnlySpan<float> RunTensor(int count) => RunOwn(count);

        private Span<float> RunOwn(int count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
            var run = _signature.Batch ?? count;             // of a fixed batch the rest is whatever lay there
            var inputs = _inputs[run] ??= [_input.Value(run)];
            var outputs = _outputs[run] ??= [_output.Value(run)];
            _classifier._session.Run(_classifier._runOptions, _inputNames, inputs, _outputNames, outputs);
            return _output.Rows(count);
        }

        public void Dispose()
        {
            foreach (var values in _inputs.Concat(_outputs))
            {
                values?[0].Dispose();
            }

            _classifier.Dispose();
        }
    }
}
