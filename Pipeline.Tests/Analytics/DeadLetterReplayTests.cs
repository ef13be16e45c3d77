using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.DbConsumer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>
/// Dead letters, seen and sent again: over HTTP and by the command. One broker for all tests of the class: each leaves no letter unsent.
/// </summary>
[Trait("Speed", "slow")]
public sealed class DeadLetterReplayTests(KafkaFixture kafka, MongoDBFixture mongodb) : AnalyticsProgram(kafka, mongodb)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_letter_is_shown_with_id_reason_place_and_picture_and_its_record_comes_again_as_it_was_once()
    {
        var image = AnImage.Of("seen", shade: 7);
        var letter = await LetterAsync(
            Topics.ImageData, image.Write(), place: (3, 41), "BadValue", MessageEncoding.Protobuf, new Header("mine", "x"u8.ToArray()));

        var shown = await ShownAsync(letter);
        Assert.Equal(("seen", "BadValue", "as a test", "image_data 3 41", false), (Text(shown, "id"), Text(shown, "reason"), Text(shown, "problem"),
            $"{Text(shown.GetProperty("origin"), "topic")} {shown.GetProperty("origin").GetProperty("partition")} {shown.GetProperty("origin").GetProperty("offset")}",
            shown.GetProperty("isReplayed").GetBoolean()));
        var picture = await Service.Http.GetByteArrayAsync(Text(shown, "picture"));
        Assert.Equal(image.Picture.Data.ToArray(), APicture.Pixels(picture).Data.ToArray());

        var before = (await TopicReader.ReadAllAsync(Kafka.Address, Topics.ImageData)).Count;
        Assert.Equal(1, Number(await ReplayAsync(), "sent"));
        Assert.Equal(0, Number(await ReplayAsync(), "sent"));
        var records = await TopicReader.ReadAllAsync(Kafka.Address, Topics.ImageData);
        Assert.Equal(before + 1, records.Count);
        var record = Assert.Single(records, record => record.Message.Headers.Any(header => header.Key == "mine"));
        Assert.Equal(image.Write(), record.Message.Value);
        Assert.Equal(("camera-1", AnImage.Noon.ToUnixTimeMilliseconds()),
            (Encoding.UTF8.GetString(record.Message.Key), record.Message.Timestamp.UnixTimestampMs));
        Assert.Equal(["content-type", "mine"], record.Message.Headers.Select(header => header.Key).Order(StringComparer.Ordinal));
        await Polling.UntilAsync(async () => (await ShownAsync(letter)).GetProperty("isReplayed").GetBoolean(), Limit, () => Service.Transcript);
    }

    [Fact]
    public async Task Of_a_letter_that_holds_the_beginning_alone_the_record_itself_is_sent_again_while_it_is_there()
    {
        var whole = Encoding.UTF8.GetBytes($$"""{"ID":"large","more":"{{new string('x', 900_000)}}"}""");
        var origin = await Kafka.SendAsync(Topics.InferenceResults, whole);
        var stored = (await TopicReader.ReadAllAsync(Kafka.Address, Topics.InferenceResults)).Single(record => record.TopicPartitionOffset == origin);
        await LetterAsync(Topics.InferenceResults, whole[..1000], (origin.Partition, origin.Offset), "TooLarge", null, Cut(whole.Length),
            At(stored.Message.Timestamp.UnixTimestampMs));
        var gone = await LetterAsync(Topics.InferenceResults, whole[..1000], (origin.Partition, 1_000_000), "TooLarge", null, Cut(whole.Length));

        var outcome = await ReplayAsync();

        Assert.Equal((1, 1), (Number(outcome, "sent"), Number(outcome, "left")));
        var reason = outcome.GetProperty("reasons")[0];
        Assert.Equal(gone.Offset.Value, reason.GetProperty("letter").GetProperty("offset").GetInt64());
        Assert.Contains($"inference_results {origin.Partition.Value} 1000000 is no longer there", Text(reason, "problem"), StringComparison.Ordinal);
        Assert.Equal(
            2, (await TopicReader.ReadAllAsync(Kafka.Address, Topics.InferenceResults)).Count(record => record.Message.Value.SequenceEqual(whole)));
    }

    [Fact]
    public async Task Whoever_else_replays_meanwhile_no_record_comes_twice()
    {
        const int Count = 60;
        foreach (var index in Enumerable.Range(0, Count))
        {
            await LetterAsync(Topics.InferenceResults, Encoding.UTF8.GetBytes($"shared {index}"), (0, index), "UnknownLabel", null);
        }

        var pages = Enumerable.Range(0, 3).Select(_ => PostAsync()).ToArray();
        var commands = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => CommandAsync()));
        Assert.All(await Task.WhenAll(pages),
            answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{answer.StatusCode}"));
        Assert.All(commands, result => Assert.InRange(result.ExitCode, 0, 1));
        await ReplayAsync();

        var values = (await TopicReader.ReadAllAsync(Kafka.Address, Topics.InferenceResults))
            .Select(record => Encoding.UTF8.GetString(record.Message.Value));
        Assert.Equal(
            Enumerable.Range(0, Count).Select(index => $"shared {index}").Order(StringComparer.Ordinal),
            values.Where(value => value.StartsWith("shared", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_command_says_how_many_were_sent_and_which_are_left()
    {
        await LetterAsync(Topics.ImageData, "one"u8.ToArray(), (0, 1), "UnknownEncoding", null);
        var unreadable = await LetterAsync(Topics.ImageData, null, (0, 2), nameof(ProblemKind.UnreadableRecord), null);

        var result = await CommandAsync();

        Assert.Equal((1, "1 dead letters sent again, 1 left"), (result.ExitCode, result.Output));
        Assert.Equal($"image_data.dlq 0 {unreadable.Offset.Value}: Kafka's client cannot open the record", result.Errors);
        Assert.Equal((0, "0 dead letters sent again, 0 left"), await CommandAsync() is var again ? (again.ExitCode, again.Output) : default);
    }

    [Theory]
    [InlineData("--dead-letters", "replay", "--kafka", "127.0.0.1:1")]
    [InlineData("Which broker? Name it with --kafka", "replay", "--dead-letters")]
    public async Task Without_saying_what_or_where_the_command_says_what_is_missing_and_the_exit_code_is_2(string said, params string[] args)
    {
        var result = await ServiceProcess.RunAsync("Pipeline.Analytics", args);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sites_page_cannot_ask_for_it_nor_can_a_form()
    {
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/dead-letters/replay") { Content = JsonContent.Create(new { }) };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Forbidden, (await Service.Http.SendAsync(foreign)).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType,
            (await Service.Http.PostAsync("/api/dead-letters/replay", new StringContent("{}", Encoding.UTF8, "text/plain"))).StatusCode);
    }

    [Theory]
    [InlineData("/api/dead-letters/image_data.dlq/0/999999/png")]
    [InlineData("/api/dead-letters/image_data/0/0/png")]
    [InlineData("/api/dead-letters/image_data.dlq/0/-1/png")]
    [InlineData("/api/dead-letters/image_data.dlq/99/0/png")]
    [InlineData("/api/dead-letters/image_data.dlq/-1/0/png")]
    public async Task A_letter_that_is_not_there_and_a_topic_that_is_for_no_letters_have_no_picture(string address)
    {
        await Kafka.SendAsync(Topics.ImageData, AnImage.Of("no letter").Write(), MessageEncoding.Protobuf);

        Assert.Equal(HttpStatusCode.NotFound, (await Service.Http.GetAsync(address)).StatusCode);
    }

    private Task<TopicPartitionOffset> LetterAsync(
        string topic, byte[]? value, (int Partition, long Offset) place, string reason, string? contentType,
        params IHeader[] others) => Kafka.SendAsync(
        topic + Topics.DeadLetterSuffix, value, contentType,
        others:
        [
            Header(DeadLetterMessage.ReasonHeader, reason), Header(
                DeadLetterMessage.ProblemHeader, "as a test"), Header(DeadLetterOrigin.TopicHeader, topic),
            Header(DeadLetterOrigin.PartitionHeader, $"{place.Partition}"), Header(DeadLetterOrigin.OffsetHeader, $"{place.Offset}"),
            At(AnImage.Noon.ToUnixTimeMilliseconds()), .. others,
        ]);

    private static Header At(long timestamp) => Header(DeadLetterOrigin.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));

    private static Header Cut(int length) => Header(DeadLetterMessage.CutHeader, length.ToString(CultureInfo.InvariantCulture));

    private static Header Header(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private async Task<JsonElement> ShownAsync(TopicPartitionOffset letter)
    {
        JsonElement? found = null;
        await Polling.UntilAsync(async () =>
        {
            var letters = (await Service.Http.GetFromJsonAsync<JsonElement>("/api/dead-letters")).EnumerateArray();
            found = letters.Cast<JsonElement?>().FirstOrDefault(one => one!.Value.GetProperty("letter") is var place
                && Text(place, "topic") == letter.Topic && place.GetProperty("offset").GetInt64() == letter.Offset.Value);
            return found is not null;
        }, Limit, () => Service.Transcript);
        return found!.Value;
    }

    private async Task<JsonElement> ReplayAsync()
    {
        using var answer = await PostAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}\n{Service.Transcript}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> PostAsync() => Service.Http.PostAsJsonAsync("/api/dead-letters/replay", new { });

    private Task<Embedded.Tests.Support.ClientResult> CommandAsync() =>
        ServiceProcess.RunAsync("Pipeline.Analytics", ["replay", "--dead-letters", "--kafka", Kafka.Address]);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
