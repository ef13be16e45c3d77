using System.Globalization;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults;

namespace Pipeline.Inference.Models;

/// <summary>What a classifier takes and gives: of its graph what that says, of its card what the graph leaves open, and the usual where both are silent.</summary>
internal sealed record ModelSignature
{
    private const int UsualSide = 224;

    /// <summary>Pixels that a model may take: 2,048x2,048. A runner keeps room for a batch of them.</summary>
    private const int MaxPixels = 2048 * 2048;

    /// <summary>Of ImageNet's pictures, as torchvision has them: what most exported classifiers were trained with.</summary>
    private static readonly (float[] Mean, float[] Std) ImageNet = ([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    public required string InputName { get; init; }

    public required TensorElementType InputType { get; init; }

    public required TensorLayout Layout { get; init; }

    public required ChannelOrder Channels { get; init; }

    /// <summary>Images of a run; null where the model leaves it open.</summary>
    public required int? Batch { get; init; }

    public required PictureFit Fit { get; init; }

    /// <summary>Null where the model takes bytes.</summary>
    public required (float[] Mean, float[] Std)? Normalisation { get; init; }

    public required string OutputName { get; init; }

    public required TensorElementType OutputType { get; init; }

    /// <summary>One for each number of the output.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Whether softmax is still to be taken; null where nobody says so, and the output must tell.</summary>
    public required bool? Softmax { get; init; }

    /// <summary>Numbers of one image in the input.</summary>
    public int Elements => Fit.Width * Fit.Height * Rgb24.BytesPerPixel;

    /// <summary>Whether a picture's RGB24 is what the model takes.</summary>
    public bool TakesRgb24 => (InputType, Layout, Channels) == (TensorElementType.UInt8, TensorLayout.Nhwc, ChannelOrder.Rgb);

    /// <summary>Of the input's tensor.</summary>
    public int[] ShapeOf(int images) => Layout == TensorLayout.Nhwc
        ? [images, Fit.Height, Fit.Width, Rgb24.BytesPerPixel]
        : [images, Rgb24.BytesPerPixel, Fit.Height, Fit.Width];

    /// <exception cref="StartupException">It is no classifier of pictures, or something is needed that nobody says.</exception>
    public static ModelSignature Read(InferenceSession session, ModelFile file, ModelCard card)
    {
        var reader = new Reader(file, card);
        var (inputName, input) = reader.OnlyInput(session.InputMetadata);
        var (outputName, output) = reader.Output(session.OutputMetadata);
        var layout = reader.LayoutOf(input);
        var isByte = input.ElementDataType == TensorElementType.UInt8;
        var fit = reader.FitOf(input, layout, isByte);
        return new ModelSignature
        {
            InputName = inputName,
            InputType = input.ElementDataType,
            Layout = layout,
            Channels = card.Channels ?? ChannelOrder.Rgb,
            Batch = input.Dimensions[0] > 0 ? input.Dimensions[0] : null,
            Fit = fit,
            Normalisation = reader.NormalisationOf(layout, isByte),
            OutputName = outputName,
            OutputType = output.ElementDataType,
            Labels = reader.LabelsOf(output, isOfOurShape: isByte && layout == TensorLayout.Nhwc && (fit.Width, fit.Height) == (Rgb24.ImageWidth, Rgb24.ImageHeight)),
            Softmax = card.Softmax,
        };
    }

    /// <summary>Reads one aspect after the other, and refuses in one voice: what the model has, and what is needed.</summary>
    private readonly struct Reader(ModelFile file, ModelCard card)
    {
        public (string Name, NodeMetadata Tensor) OnlyInput(IReadOnlyDictionary<string, NodeMetadata> inputs)
        {
            if (inputs.Count != 1)
            {
                throw Refused($"has {inputs.Count} inputs ({string.Join(", ", inputs.Keys)})", "a classifier of pictures has one.");
            }

            var (name, input) = inputs.Single();
            var isPictures = input is { IsTensor: true, ElementDataType: TensorElementType.UInt8 or TensorElementType.Float or TensorElementType.Float16, Dimensions.Length: 4 };
            return isPictures
                ? (name, input)
                : throw Refused($"has the input {Describe(name, input)}",
                    "uint8, float32 or float16 of four dimensions is needed: [N, 3, height, width] or [N, height, width, 3].");
        }

        public (string Name, NodeMetadata Tensor) Output(IReadOnlyDictionary<string, NodeMetadata> outputs)
        {
            var name = card.Output ?? (outputs.Count == 1 ? outputs.Keys.Single() : null);
            if (name is null || !outputs.TryGetValue(name, out var output))
            {
                throw Refused($"has the outputs {string.Join(", ", outputs.Keys)}", $"name the one with the classes as \"output\" in {ModelCard.FileName}.");
            }

            return output is { IsTensor: true, ElementDataType: TensorElementType.Float or TensorElementType.Float16, Dimensions.Length: 2 }
                ? (name, output)
                : throw Refused($"has the output {Describe(name, output)}", "float32 or float16 [N, classes] is needed.");
        }

        public TensorLayout LayoutOf(NodeMetadata input)
        {
            var (isNchw, isNhwc) = (CanBe(input.Dimensions[1], Rgb24.BytesPerPixel), CanBe(input.Dimensions[3], Rgb24.BytesPerPixel));
            if (card.Layout is { } said)
            {
                return (said == TensorLayout.Nchw ? isNchw : isNhwc)
                    ? said
                    : throw Refused($"has the input {Shape(input)}", $"which is not the layout {said.ToString().ToUpperInvariant()} that {ModelCard.FileName} says.");
            }

            // A dimension that says 3 counts for more than one that is left open.
            return (input.Dimensions[1] == Rgb24.BytesPerPixel, input.Dimensions[3] == Rgb24.BytesPerPixel) switch
            {
                (true, false) => TensorLayout.Nchw,
                (false, true) => TensorLayout.Nhwc,
                _ when isNchw || isNhwc => throw Refused($"has the input {Shape(input)}, in which colours may lie either way",
                    $"say \"layout\": \"NCHW\" or \"NHWC\" in {ModelCard.FileName}."),
                _ => throw Refused($"has the input {Shape(input)}", "three colours are needed: [N, 3, height, width] or [N, height, width, 3]."),
            };
        }

        public PictureFit FitOf(NodeMetadata input, TensorLayout layout, bool isByte)
        {
            var (heightAt, widthAt) = layout == TensorLayout.Nchw ? (2, 3) : (1, 2);
            var width = Side("width", input, widthAt, card.Width ?? UsualSide);
            var height = Side("height", input, heightAt, card.Height ?? card.Width ?? UsualSide);
            if ((long)width * height > MaxPixels)
            {
                throw Refused($"takes pictures of {width}x{height}", string.Create(CultureInfo.InvariantCulture, $"at most {MaxPixels:N0} pixels are possible."));
            }

            var rule = card.Resize ?? (layout == TensorLayout.Nchw && !isByte ? ResizeRule.Crop : ResizeRule.Stretch);
            var share = card.Crop ?? PictureFit.UsualCropShare;
            return share is > 0 and <= 1 && (rule == ResizeRule.Crop || card.Crop is null)
                ? new PictureFit(width, height, rule, share)
                : throw Said("crop", "a share above 0 and up to 1, of \"resize\": \"crop\"");
        }

        public (float[] Mean, float[] Std)? NormalisationOf(TensorLayout layout, bool isByte)
        {
            if (isByte)
            {
                return card.Mean is null && card.Std is null
                    ? null
                    : throw Refused("takes bytes, and what becomes of them is in its graph", $"leave mean and std out of {ModelCard.FileName}.");
            }

            if ((card.Mean is null || card.Std is null) && (layout == TensorLayout.Nhwc || card.Mean is not null || card.Std is not null))
            {
                throw Refused("takes numbers, and nobody says which",
                    $"give mean and std in {ModelCard.FileName}, three of each: 0.5 and 0.5 make -1 to 1 of a pixel, 0 and 1 make 0 to 1.");
            }

            var (mean, std) = (card.Mean ?? ImageNet.Mean, card.Std ?? ImageNet.Std);
            return mean.Length == Rgb24.BytesPerPixel && std.Length == Rgb24.BytesPerPixel && std.All(deviation => deviation > 0)
                ? (mean, std)
                : throw Said("mean and std", "three numbers each, one for each colour, std above 0");
        }

        public IReadOnlyList<string> LabelsOf(NodeMetadata output, bool isOfOurShape)
        {
            var classes = output.Dimensions[1];
            if (classes is 1 or > Limits.MaxLabels)
            {
                throw Refused($"has {classes} outputs", string.Create(CultureInfo.InvariantCulture, $"2 to {Limits.MaxLabels:N0} are possible, one for each class."));
            }

            // A model in the shape of the shipped ones needs nothing beside it, as before there were others.
            var given = card.Labels is { } said ? ReadLabels(said) : isOfOurShape && classes == Contracts.Labels.All.Count ? Contracts.Labels.All : null;
            if (given is null || given.Count != classes && classes > 0 || given.Count is < 2 or > Limits.MaxLabels)
            {
                throw Refused(classes > 0 ? $"has {classes} outputs" : "leaves open how many outputs it has",
                    $"\"labels\" in {ModelCard.FileName} must name them, in their order, and {(given is null ? "is missing" : $"has {given.Count}")}.");
            }

            return Checked(given);
        }

        private IReadOnlyList<string> Checked(IReadOnlyList<string> given)
        {
            var labels = new string[given.Count];
            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var place = 0; place < labels.Length; place++)
            {
                if (!Contracts.Labels.TryRead(given[place], out var label))
                {
                    throw Said("labels", $"texts of 1 to {Limits.MaxLabelLength} characters, and number {place + 1} is another");
                }

                if (!places.TryAdd(label, place))
                {
                    throw Said("labels", $"of different classes, and numbers {places[label] + 1} and {place + 1} are both '{label}'");
                }

                labels[place] = label;
            }

            return labels.SequenceEqual(Contracts.Labels.All) ? Contracts.Labels.All : labels;
        }

        private IReadOnlyList<string> ReadLabels(JsonElement said) => said.ValueKind switch
        {
            JsonValueKind.String => [.. file.ReadLines(card.LabelsFile!).Where(line => !string.IsNullOrWhiteSpace(line))],
            JsonValueKind.Array => [.. said.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : "")],
            _ => throw Said("labels", "a list of texts, or the name of a text file beside it"),
        };

        private int Side(string name, NodeMetadata input, int at, int wanted)
        {
            var fixedTo = input.Dimensions[at];
            var isSaid = name == "width" ? card.Width is not null : card.Height is not null;
            return wanted < 1 ? throw Said(name, "at least 1")
                : fixedTo <= 0 ? wanted
                : fixedTo == wanted || !isSaid ? fixedTo
                : throw Refused($"has the input {Shape(input)}", $"whose {name} is not the {wanted} that {ModelCard.FileName} says.");
        }

        private StartupException Refused(string has, string needed) => new($"The model {file.Path} {has};", needed);

        private StartupException Said(string field, string form) => Refused("cannot be used as it is described", $"{field} in {ModelCard.FileName} must be {form}.");

        private static bool CanBe(int dimension, int value) => dimension <= 0 || dimension == value;

        private static string Describe(string name, NodeMetadata tensor) =>
            tensor.IsTensor ? $"{name}, {tensor.ElementDataType.ToString().ToLowerInvariant()} {Shape(tensor)}" : $"{name}, which is no tensor";

        private static string Shape(NodeMetadata tensor) => $"[{string.Join(", ", tensor.Dimensions.Select(length => length > 0 ? $"{length}" : "?"))}]";
    }
}
