using Embedded.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Pipeline.Tests.AppHost;

public sealed class PipelineOptionsTests
{
    [Fact]
    public void Without_a_word_two_cameras_send_ten_noisy_images_a_second_for_ever()
    {
        var options = Read();

        Assert.Equal((2, 0, 10.0, 0.04, 1), (options.Producers, options.Images, options.Rate, options.Noise, options.InferenceReplicas));
        Assert.Equal(
            ((int?)null, (int?)null, (int?)null, 15_888), (options.Kafka.Port, options.MongoDB.Port, options.Analytics.Port, options.Dashboard.Port));
        Assert.Equal((".data", Servers.Embedded, "int8", "5/s"), (options.Data, options.Servers, options.Model, options.Telemetry.Sampling));
    }

    [Fact]
    public void Every_option_takes_its_own_default()
    {
        string[] args =
            [.. PipelineOption.All.Where(option => option.Default != "none").SelectMany(option => (string[])[$"--{option.Name}", option.Default])];

        Assert.Equal(Read(), Read(args));
    }

    [Fact]
    public void Options_reach_their_properties_whatever_the_case_of_the_switch()
    {
        var options = Read(
            "--Producers", "4", "--Images", "1000", "--rate", "0", "--Arrival", "poisson", "--InferenceReplicas", "2", "--Model", "fp32",
            "--Servers", "containers", "--Kafka:Port", "19092", "--MongoDB:Port=27117", "--Analytics:Port", "8080", "--Producer:Port", "8081",
            "--Dashboard:Port", "16000",
            "--Telemetry:Sampling", "50/s", "--Echo", "true");

        Assert.Equal((4, 1000, 0.0, 2, true), (options.Producers, options.Images, options.Rate, options.InferenceReplicas, options.Echo));
        Assert.Equal((19092, 27117, 8080, 8081, 16000),
            (options.Kafka.Port, options.MongoDB.Port, options.Analytics.Port, options.Producer.Port, options.Dashboard.Port));
        Assert.Equal(
            ("Poisson", "fp32", Servers.Containers, "50/s"),
            (options.Arrival.ToString(), options.Model, options.Servers, options.Telemetry.Sampling));
    }

    [Fact]
    public void A_topic_name_may_have_what_Kafka_allows()
    {
        var longest = new string('x', 249 - ".dlq".Length);

        Assert.Equal(("a.B-c_9", longest), (Read("--Topics:Images", "a.B-c_9").Topics.Images, Read("--Topics:Results", longest).Topics.Results));
        Assert.StartsWith("--Topics:Images", Refuse("--Topics:Images", new string('x', 250)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_topics_of_one_name_are_refused_in_one_line() => Assert.Equal(
        "--Topics:Results is 'iot', and Topics:Images is 'iot'; each topic needs a name of its own.",
        Refuse("--Topics:Images", "iot", "--Topics:Results", "iot"));

    [Fact]
    public void A_relative_folder_for_spans_is_where_it_was_typed_and_not_where_a_service_runs() =>
        Assert.Equal(Path.GetFullPath("spans"), Read("--Telemetry:Folder", "spans").Telemetry.Folder);

    [Fact]
    public void A_model_of_ones_own_is_where_it_was_typed_and_not_where_a_service_runs()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(folder.Path, Read("--Model", Path.GetRelativePath(Environment.CurrentDirectory, folder.Path)).Model);
    }

    [Fact]
    public void A_shadow_is_where_it_was_typed_and_has_a_topic_that_every_service_is_told()
    {
        using var folder = new TemporaryFolder();
        var options = Read("--Shadow", Path.GetRelativePath(Environment.CurrentDirectory, folder.Path), "--ShadowShare", "0.25");

        Assert.Equal((folder.Path, 0.25, "shadow_results"), (options.Shadow, options.ShadowShare, options.Topics.Shadow));
        Assert.Equal("mine", Read("--Shadow", "int8", "--Topics:Shadow", "mine").Topics.Shadow);
        Assert.Equal(((string?)null, (string?)null), (Read().Shadow, Read().Topics.Shadow));
    }

    [Fact]
    public void Sources_may_be_given_several_times_and_reach_the_producer_as_they_were_meant()
    {
        var options = Read("--Source", "yard=http://10.0.0.7/a.jpg", "--Images", "5", "--source=pics=pictures", "--Source", "film=film.mp4");

        Assert.Equal(
            ["yard=http://10.0.0.7/a.jpg", $"pics={Path.GetFullPath("pictures")}", $"film=ffmpeg:{Path.GetFullPath("film.mp4")}"], options.Source);
        Assert.Equal(["yard", "pics", "film"], options.CameraNames());
    }

    [Fact]
    public void A_source_may_stand_in_the_environment_alone_or_in_a_list()
    {
        static PipelineOptions Of(Dictionary<string, string?> variables) =>
            PipelineOption.Read(new ConfigurationBuilder().AddInMemoryCollection(variables).Build());

        Assert.Equal(["a=cifar10"], Of(new() { ["Source"] = "a=cifar10" }).Source);
        Assert.Equal(["a=cifar10", "b=cifar10"], Of(new() { ["Source:0"] = "a=cifar10", ["Source:1"] = "b=cifar10" }).Source);
    }

    [Fact]
    public void Without_sources_the_cameras_are_numbered() => Assert.Equal(["camera-1", "camera-2"], Read().CameraNames());

    [Theory]
    [InlineData("--Source", "yard")]
    [InlineData("--Source", "yard=ftp://10.0.0.7/a.jpg")]
    [InlineData("--Source", "")]
    [InlineData("--Producers", "-1")]
    [InlineData("--Producers", "1001")]
    [InlineData("--Producers", "many")]
    [InlineData("--Images", "-1")]
    [InlineData("--Rate", "1,5")]
    [InlineData("--Rate", "NaN")]
    [InlineData("--Rate", "500000")]
    [InlineData("--Noise", "1.01")]
    [InlineData("--Arrival", "often")]
    [InlineData("--Arrival", "1")]
    [InlineData("--InferenceReplicas", "65")]
    [InlineData("--Model", "int4")]
    [InlineData("--Shadow", "int4")]
    [InlineData("--ShadowShare", "25")]
    [InlineData("--Topics:Shadow", "image_data")]
    [InlineData("--Topics:Shadow", "shadow results")]
    [InlineData("--Groups:Shadow", "db-consumer")]
    [InlineData("--Servers", "real")]
    [InlineData("--Kafka:Port", "70000")]
    [InlineData("--Topics:Images", "image data")]
    [InlineData("--Topics:Images", "..")]
    [InlineData("--Topics:Results", "")]
    [InlineData("--Topics:ImageDeadLetters", "bilder/schlecht")]
    [InlineData("--Topics:Partitions", "0")]
    [InlineData("--Topics:Retention", "7")]
    [InlineData("--Topics:Retention", "1.5d")]
    [InlineData("--Groups:Inference", "two words")]
    [InlineData("--Topics:Results", "image_data")]
    [InlineData("--Topics:Results", "image.data")]
    [InlineData("--Topics:ResultDeadLetters", "image_data.dlq")]
    [InlineData("--Groups:DbConsumer", "inference")]
    [InlineData("--Telemetry:Sampling", "1.5")]
    [InlineData("--Telemetry:Sampling", "often")]
    [InlineData("--Echo", "perhaps")]
    [InlineData("--Produces", "3")]
    [InlineData("--Kafka:Prot", "19092")]
    [InlineData("--Kafka__Port", "19092")]
    [InlineData("--Data", "")]
    [InlineData("--Images", "--Rate")]
    [InlineData("--publisher", "nonsense")]
    [InlineData("--publisher", "--output-path")]
    [InlineData("--operation", "nonsense")]
    public void A_bad_value_or_an_unknown_switch_is_refused_by_its_name(string name, string value) =>
        Assert.StartsWith(name, Refuse(name, value), StringComparison.Ordinal);

    [Theory]
    [InlineData("--Producers")]
    [InlineData("--Data")]
    public void A_switch_without_a_value_is_refused_with_what_it_takes(string name) =>
        Assert.Contains($"{name} needs a value: ", Refuse(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("Producers")]
    [InlineData("-p")]
    public void A_word_that_is_no_switch_is_refused(string word) =>
        Assert.StartsWith($"'{word}' is not an option", Refuse(word), StringComparison.Ordinal);

    [Fact]
    public void Switches_of_Aspire_and_of_configuration_pass() =>
        Read("--publisher", "manifest", "--output-path", "m.json", "--Parameters:mongodb-password=secret", "--Logging:LogLevel:Default", "Debug",
            "--clear-cache");

    [Fact]
    public void An_environment_variable_left_empty_is_an_option_left_out() =>
        Assert.Equal(10, PipelineOption.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Rate", "")]).Build()).Rate);

    [Fact]
    public void Help_names_every_option_with_what_it_takes()
    {
        var help = CommandLine.Answer(["--help"])!;

        Assert.All(PipelineOption.All, option =>
        {
            Assert.Contains($"--{option.Name} ", help, StringComparison.Ordinal);
            Assert.Contains($"{option.Takes}; default: {option.Default}", help, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Version_is_answered() => Assert.Matches(@"^Pipeline \d+\.\d+", CommandLine.Answer(["--version"])!);

    [Fact]
    public void The_readme_has_the_table_of_the_options() => Assert.All(PipelineOption.All, option => Assert.Contains(
        $"| `--{option.Name}` | {option.Default} | {option.Meaning} |",
        File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal));

    [Fact]
    public void The_producer_refuses_what_the_AppHost_refuses()
    {
        var limits = typeof(Pipeline.Contracts.Options.CameraOptions).GetProperties().Select(property => property.Name).ToHashSet();

        Assert.All(limits, name => Assert.Contains(PipelineOption.All, option => option.Name == name));
        Assert.True(typeof(Pipeline.Contracts.Options.CameraOptions).IsAssignableFrom(typeof(Pipeline.Producer.ProducerOptions)));
    }

    [Fact]
    public void A_model_that_does_not_exist_is_refused_with_those_that_do() =>
        Assert.Equal(
            "--Model is 'int4'; it must be one of fp32, int8, or the path of an ONNX file or of a folder with one.", Refuse("--Model", "int4"));

    [Fact]
    public void Inference_knows_the_models_that_the_AppHost_offers_and_takes_the_same_one_where_none_is_chosen()
    {
        Assert.Equal(ModelChoiceAttribute.Shipped.Order(), Pipeline.Inference.ShippedModels.Names.Order(), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(new Pipeline.Inference.ModelOptions().Name, new PipelineOptions().Model);
    }

    [Fact]
    public void A_temporary_data_folder_goes_with_the_run()
    {
        string folder;
        using (var data = new DataFolder(":temp:", Repository.Root))
        {
            folder = data.For("broker");
            Directory.CreateDirectory(folder);
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    private static PipelineOptions Read(params string[] args)
    {
        CommandLine.Check(args);
        return PipelineOption.Read(new ConfigurationBuilder().AddCommandLine(CommandLine.Numbered(args)).Build());
    }

    private static string Refuse(params string[] args) => Assert.Throws<BadOptionException>(() => Read(args)).Message;
}
