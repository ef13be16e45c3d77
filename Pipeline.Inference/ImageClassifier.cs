using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Pipeline.Inference;

/// <summary>The model: pixels in, probabilities out. The only file that knows ONNX Runtime.</summary>
/// <remarks>
/// One session for all runners, each of which runs it on its own thread over its own buffers, with one intra-op thread:
/// two images on two cores are faster than one image on two cores twice. Source of shapes: models/README.md.
/// </remarks>
internal sealed class ImageClassifier : IDisposable
{
    public const string InputName = "images";
    public const string OutputName = "probabilities";

    /// <summary>The operator that every model with integer weights has, by the name that its file says.</summary>
    private static ReadOnlySpan<byte> QuantizingOperator => "QuantizeLinear"u8;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;

    /// <exception cref="StartupException">The model or the native library is missing, or it is another kind of model.</exception>
    public ImageClassifier(IOptions<ModelOptions> options)
    {
        var path = Path.Combine(AppContext.BaseDirectory, options.Value.File);
        var model = ReadModel(path);
        ModelName = Path.GetFileNameWithoutExtension(path);
        ModelVersion = Convert.ToHexStringLower(SHA256.HashData(model))[..12];
        ModelPrecision = model.AsSpan().IndexOf(QuantizingOperator) < 0 ? "fp32" : "int8";
        MaxBatch = options.Value.MaxBatch;
        OnnxTelemetry.Disable();
        _session = Open(model, path);                        // the first to touch the native library, and able to say that it is missing
        _runOptions = new RunOptions();
        CheckShapes(path);
    }

    /// <summary>The file's name without its extension.</summary>
    public string ModelName { get; }

    /// <summary>The first 12 hex digits of the file's SHA-256.</summary>
    public string ModelVersion { get; }

    /// <summary><c>int8</c> for a model that quantizes, else <c>fp32</c>.</summary>
    public string ModelPrecision { get; }

    /// <summary>Most images of one run.</summary>
    public int MaxBatch { get; }

    /// <summary>A runner with buffers of its own; for one thread at a time.</summary>
    public Runner CreateRunner() => new(_session, _runOptions, MaxBatch);

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static byte[] ReadModel(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The model {path} cannot be read ({missing.Message}).",
                "Build Pipeline.Inference, which puts its models there, or set Model__Path to an ONNX file.", missing);
        }
    }

    private static InferenceSession Open(byte[] model, string path)
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
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException refused)
        {
            throw new StartupException($"ONNX Runtime does not accept the model {path} ({refused.Message}).", "Set Model__Path to a whole ONNX file.", refused);
        }
        catch (Exception native) when (MissingLibrary.IsToldBy(native))
        {
            throw MissingLibrary.Of(
                "ONNX Runtime", "Microsoft.ML.OnnxRuntime has it for Linux and Windows on x64 and arm64, and for macOS on arm64", native);
        }
    }

    private void CheckShapes(string path)
    {
        var fits = _session.InputMetadata.TryGetValue(InputName, out var input)
            && input.ElementDataType == TensorElementType.UInt8 && input.Dimensions is [_, Rgb24.ImageHeight, Rgb24.ImageWidth, Rgb24.BytesPerPixel]
            && _session.OutputMetadata.TryGetValue(OutputName, out var output)
            && output.ElementDataType == TensorElementType.Float && output.Dimensions is [_, var classes] && classes == Labels.All.Count;
        if (!fits)
        {
            throw new StartupException($"The model {path} is of another kind.",
                $"It must have the input {InputName}, uint8 [N, {Rgb24.ImageHeight}, {Rgb24.ImageWidth}, {Rgb24.BytesPerPixel}], and the output {OutputName}, float32 [N, {Labels.All.Count}].");
        }
    }

    /// <summary>Buffers and tensors for batches up to the largest; nothing is allocated in a run.</summary>
    public sealed class Runner : IDisposable
    {
        private static readonly string[] Inputs = [InputName];
        private static readonly string[] Outputs = [OutputName];

        private readonly InferenceSession _session;
        private readonly RunOptions _runOptions;
        private readonly byte[] _pixels;
        private readonly float[] _probabilities;
        private readonly OrtValue[]?[] _inputs;              // by batch size, made when first needed
        private readonly OrtValue[]?[] _outputs;

        internal Runner(InferenceSession session, RunOptions runOptions, int maxBatch)
        {
            (_session, _runOptions) = (session, runOptions);
            _pixels = GC.AllocateArray<byte>(maxBatch * Rgb24.ImageBytes, pinned: true);
            _probabilities = GC.AllocateArray<float>(maxBatch * Labels.All.Count, pinned: true);
            _inputs = new OrtValue[maxBatch + 1][];
            _outputs = new OrtValue[maxBatch + 1][];
        }

        /// <summary>Where the pixels of an image of the next batch go: RGB24, one camera image.</summary>
        public Span<byte> Pixels(int index) => _pixels.AsSpan(index * Rgb24.ImageBytes, Rgb24.ImageBytes);

        /// <summary>Classifies the first <paramref name="count"/> images.</summary>
        /// <param name="count">1 to the largest batch.</param>
        /// <returns>Ten probabilities an image, in label order; valid until the next run.</returns>
        public ReadOnlySpan<float> Run(int count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
            var inputs = _inputs[count] ??= [OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, _pixels.AsMemory(0, count * Rgb24.ImageBytes), [count, Rgb24.ImageHeight, Rgb24.ImageWidth, Rgb24.BytesPerPixel])];
            var outputs = _outputs[count] ??= [OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, _probabilities.AsMemory(0, count * Labels.All.Count), [count, Labels.All.Count])];
            _session.Run(_runOptions, Inputs, inputs, Outputs, outputs);
            return _probabilities.AsSpan(0, count * Labels.All.Count);
        }

        public void Dispose()
        {
            foreach (var values in _inputs.Concat(_outputs))
            {
                values?[0].Dispose();
            }
        }
    }
}
