using Embedded.Tests.Support;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Inference;
using Pipeline.ServiceDefaults;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Inference;

/// <summary>Models that people bring along: what they may be, and what is said of those that do not fit.</summary>
public sealed class OwnModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Kinds => new()
    {
        { "float32 NCHW", AModel.LabelsCard },
        { "a fixed batch", AModel.LabelsCard },
        { "free height and width", """{"labels": ["red", "green", "blue", "bright", "dark"], "width": 64, "height": 48}""" },
        { "probabilities", AModel.LabelsCard },
        { "float16", AModel.LabelsCard },
        { "float32 NHWC", """{"labels": ["red", "green", "blue", "bright", "dark"], "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}""" },
        { "uint8 NHWC", AModel.LabelsCard },
        { "uint8 NCHW", AModel.LabelsCard },
        { "blue first", """{"labels": ["blue", "green", "red", "bright", "dark"], "channels": "BGR"}""" },
        { "weights in another file", AModel.LabelsCard },
        { "several outputs", """{"labels": ["red", "green", "blue", "bright", "dark"], "output": "scores"}""" },
        { "softmax asked for", """{"labels": ["red", "green", "blue", "bright", "dark"], "softmax": true} // and a comment""" },
        { "layout told", """{"labels": ["red", "green", "blue", "bright", "dark"], "layout": "nchw", "resize": "stretch", }""" },
    };

    private static AModel Kind(string kind) => kind switch
    {
        "a fixed batch" => new() { Shape = [4, 3, 224, 224] },
        "free height and width" => new() { Shape = [0, 3, 0, 0] },
        "probabilities" => new() { HasSoftmax = true },
        "float16" => new() { Input = AModel.Half, Output = AModel.Half },
        "float32 NHWC" => new() { Shape = [0, 224, 224, 3], IsNhwc = true },
        "uint8 NHWC" => new() { Input = AModel.Byte, Shape = [0, 96, 128, 3], IsNhwc = true, Scale = 1 / 64f, Offset = -2 },
        "uint8 NCHW" => new() { Input = AModel.Byte, Scale = 1 / 64f, Offset = -2 },
        "weights in another file" => new() { IsInTwoFiles = true },
        "several outputs" => new() { HasSecondOutput = true },
        _ => new(),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_classifier_of_any_usual_kind_says_what_pictures_show(string kind, string card)
    {
        using var classifier = Load(Kind(kind).Write(_folder.Path, card));
        using var runner = classifier.CreateRunner();
        using var decoder = classifier.CreateDecoder();
        (SKColor Colour, string Label)[] pictures =
        [
            (new(220, 60, 60), "red"), (new(60, 200, 60), "green"), (new(50, 60, 210), "blue"), (new(230, 230, 230), "bright"),
            (new(20, 20, 20), "dark"),
        ];

        foreach (var part in pictures.Chunk(classifier.MaxBatch))
        {
            for (var i = 0; i < part.Length; i++)
            {
                Assert.True(decoder.TryDecode(Jpeg(200 + 77 * i, 300 - 50 * i, part[i].Colour), runner.Pixels(i), out var problem), problem?.Text);
            }

            var probabilities = runner.Run(part.Length);
            for (var i = 0; i < part.Length; i++)
            {
                var row = probabilities.Slice(i * 5, 5);
                Assert.Equal(part[i].Label, Prediction.Of(classifier.Labels, row).Label);
                Assert.Equal(1, row.ToArray().Sum(), 2e-3f);
            }
        }
    }

    [Fact]
    public void A_folder_is_taken_for_the_model_in_it_and_names_it_where_the_file_does_not()
    {
        new AModel().Write(_folder.File("welds"), name: "model.onnx");
        new AModel().Write(_folder.File("welds"), name: "older.onnx");

        using var classifier = Load(_folder.File("welds"));

        Assert.Equal("welds", classifier.ModelName);
    }

    [Fact]
    public void What_model_json_says_may_stand_in_the_models_metadata()
    {
        using var classifier = Load(
            new AModel { CardInside = """{"name": "inside", "labels": ["a", "b", "c", "d", "e"]}""" }.Write(_folder.Path, card: null));

        Assert.Equal("inside", classifier.ModelName);
        Assert.Equal(["a", "b", "c", "d", "e"], classifier.Labels);
    }

    [Fact]
    public void Labels_may_be_a_text_file()
    {
        File.WriteAllText(_folder.File("classes.txt"), "red\r\ngreen\r\nblue\r\nbright\r\nAirplane\r\n");

        using var classifier = Load(new AModel().Write(_folder.Path, """{"labels": "classes.txt"}"""));

        Assert.Equal(["red", "green", "blue", "bright", "plane"], classifier.Labels);       // as everywhere where a label is read
    }

    [Theory]
    [InlineData("colours.onnx.data")]
    [InlineData("model.json")]
    [InlineData("classes.txt")]
    public void The_version_is_that_of_all_its_files(string changed)
    {
        File.WriteAllLines(_folder.File("classes.txt"), AModel.AllLabels);
        var path = new AModel { IsInTwoFiles = true }.Write(_folder.Path, """{"labels": "classes.txt"}""");
        using var before = Load(path);

        File.WriteAllBytes(
            _folder.File(changed), changed == "colours.onnx.data" ? new byte[60] : [.. File.ReadAllBytes(_folder.File(changed)), (byte)'\n']);

        using var after = Load(path);
        Assert.NotEqual(before.ModelVersion, after.ModelVersion);
    }

    [Fact]
    public void Of_many_classes_the_ten_likeliest_are_told()
    {
        var labels = Enumerable.Range(0, 1000).Select(label => $"class {label}").ToArray();
        var probabilities = labels.Select((_, place) => place % 97 == 5 ? 0.01f + place / 1e6f : 0.0009f).ToArray();

        var prediction = Prediction.Of(labels, probabilities);

        Assert.Equal(("class 975", probabilities[975]), (prediction.Label, prediction.Confidence));
        Assert.Equal(Limits.MaxProbabilities, prediction.Labels.Count);
        Assert.Equal(["class 975", "class 878", "class 781"], prediction.Labels.Take(3));
        Assert.Equal(prediction.Probabilities.OrderDescending(), prediction.Probabilities);
    }

    public static TheoryData<string, string?, string> Refusals => new()
    {
        { "float32 NCHW", null, "has 5 outputs; \"labels\" in model.json must name them, in their order, and is missing." },
        { "float32 NCHW", """{"labels": ["a", "b"]}""", "has 5 outputs; \"labels\" in model.json must name them, in their order, and has 2." },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", "a"]}""", "numbers 1 and 5 are both 'a'" },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", ""]}""", "texts of 1 to 128 characters, and number 5 is another" },
        { "float32 NCHW", """{"labels": "nowhere.txt"}""", "nowhere.txt" },
        { "float32 NCHW", """{"lables": []}""", "(there is no field 'lables')" },
        { "float32 NCHW", """{"labels": """, "cannot be used" },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", "e"], "mean": [0.5, 0.5, 0.5]}""", "give mean and std in model.json" },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", "e"], "mean": [0.5], "std": [1]}""",
            "mean and std in model.json must be three numbers each" },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", "e"], "width": 100}""", "whose width is not the 100 that model.json says" },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", "e"], "layout": "NHWC"}""", "which is not the layout NHWC that model.json says" },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", "e"], "softmax": false}""", "is no probability: say \"softmax\": true" },
        { "float32 NCHW", """{"labels": ["a", "b", "c", "d", "e"], "crop": 1.5}""", "crop in model.json must be a share above 0 and up to 1" },
        { "float32 NHWC", AModel.LabelsCard, "takes numbers, and nobody says which; give mean and std in model.json" },
        { "uint8 NHWC", """{"labels": ["a", "b", "c", "d", "e"], "mean": [0, 0, 0], "std": [1, 1, 1]}""",
            "takes bytes, and what becomes of them is in its graph; leave mean and std out" },
        { "several outputs", AModel.LabelsCard, "has the outputs scores, rows; name the one with the classes as \"output\" in model.json" },
        { "colours either way", AModel.LabelsCard, "has the input [?, ?, 224, ?], in which colours may lie either way; say \"layout\"" },
        { "two inputs", AModel.LabelsCard, "has 2 inputs (pictures, mask); a classifier of pictures has one" },
        { "whole numbers", AModel.LabelsCard,
            "has the input pictures, int32 [?, 3, 224, 224]; uint8, float32 or float16 of four dimensions is needed" },
        { "three dimensions", AModel.LabelsCard, "has the input pictures, float [?, 3, 224]; uint8, float32 or float16 of four dimensions" },
        { "too many classes", AModel.LabelsCard, "has 10001 outputs; 2 to 10,000 are possible" },
        { "too large", AModel.LabelsCard, "takes pictures of 3000x3000; at most 4,194,304 pixels" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_does_not_fit_is_one_line_with_what_it_has_and_what_is_needed(string kind, string? card, string line)
    {
        var model = kind switch
        {
            "colours either way" => new AModel { Shape = [0, 0, 224, 0] },
            "two inputs" => new AModel { HasSecondInput = true },
            "whole numbers" => new AModel { Input = AModel.Int32 },
            "three dimensions" => new AModel { Shape = [0, 3, 224] },
            "too many classes" => new AModel { Classes = 10_001 },
            "too large" => new AModel { Shape = [0, 3, 3000, 3000] },
            _ => Kind(kind),
        };
        var path = model.Write(_folder.Path, card);

        var refused = Assert.Throws<StartupException>(() => Load(path));

        Assert.Contains(line, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void External_data_that_is_not_there_is_named()
    {
        var path = new AModel { IsInTwoFiles = true }.Write(_folder.Path);
        File.Delete(path + ".data");

        Assert.Contains("colours.onnx.data", Assert.Throws<StartupException>(() => Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_model_or_with_several_is_refused_by_what_is_in_it()
    {
        Assert.Contains("has no ONNX file", Assert.Throws<StartupException>(() => Load(_folder.Path)).Message, StringComparison.Ordinal);
        new AModel().Write(_folder.Path, name: "a.onnx");
        new AModel().Write(_folder.Path, name: "b.onnx");

        var several = Assert.Throws<StartupException>(() => Load(_folder.Path)).Message;

        Assert.Contains("has 2 ONNX files", several, StringComparison.Ordinal);
        Assert.Contains("a.onnx, b.onnx", several, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_without_end_is_refused()
    {
        var path = new AModel().Write(_folder.Path);

        var refused = Assert.Throws<StartupException>(
            () => new ImageClassifier(Options.Create(new ModelOptions { Name = path, MaxBatch = 100_000 })));

        Assert.Contains("Model__MaxBatch", refused.Message, StringComparison.Ordinal);
    }

    private static ImageClassifier Load(string path) => new(Options.Create(new ModelOptions { Name = path }));

    private static Picture Jpeg(int width, int height, SKColor colour) =>
        APicture.Read(APicture.Encode(APicture.Plain(width, height, colour), SKEncodedImageFormat.Jpeg));

    public void Dispose() => _folder.Dispose();
}
