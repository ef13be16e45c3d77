using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using Pipeline.Analytics;
using Pipeline.Contracts.Stored;

namespace Pipeline.Tests.Analytics;

[Trait("Speed", "slow")]
public sealed class ReportTests
{
    private static readonly Figures Some = FiguresOf(
        ADocument.Of("camera-10", "ship", "ship"),
        ADocument.Of("camera-2", "ship", "car"),
        ADocument.Of("camera-2", "plane", "plane"),
        ADocument.Of("camera-2", "plane"),
        ADocument.Of("camera-2", null, "plane"),
        ADocument.ResultOnly("camera-2", "cat", "dog"));

    [Fact]
    public void Text_has_overall_accuracy_then_producers_then_classes()
    {
        Assert.Equal("""
            accuracy 0.5000: 2 of 4 inferred images with a known truth are correct; 1 inferred without one and 1 not yet inferred, counted neither right nor wrong

            producer_id | wrong_inference_count | total_inferences | error_rate | without_truth
            camera-2    |                     2 |                4 |       66.7 |             1
            camera-10   |                     0 |                1 |        0.0 |             0

            _id   | total | correct | accuracy
            plane |     1 |       1 |   100.00
            cat   |     1 |       0 |     0.00
            ship  |     2 |       1 |    50.00

            """, Report.ToText(Some));
    }

    [Fact]
    public void Csv_has_the_columns_that_older_scripts_read() =>
        Assert.Equal("ProducerID,total_errors\ncamera-2,2\ncamera-10,0\n", Report.ToCsv(Some));

    [Fact]
    public void Nothing_stored_gives_no_ratio_and_no_division_by_zero()
    {
        Assert.StartsWith("accuracy -: 0 of 0", Report.ToText(FiguresOf()), StringComparison.Ordinal);
        Assert.Equal("ProducerID,total_errors\n", Report.ToCsv(FiguresOf()));
    }

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=1+1", "'=1+1")]
    public void Csv_quotes_what_a_reader_would_take_for_structure(string producer, string field) =>
        Assert.Equal($"ProducerID,total_errors\n{field},1\n", Report.ToCsv(FiguresOf(ADocument.Of(producer, "cat", "dog"))));

    [Fact]
    public void Text_sends_no_control_characters_to_the_terminal() =>
        Assert.DoesNotContain('\u001b', Report.ToText(FiguresOf(ADocument.Of("\u001b[31mred", "cat", "dog"))));

    private static Figures FiguresOf(params BsonDocument[] documents) =>
        new(MapReduce.Reduce(
            MapReduce.Shuffle(MapReduce.Map(documents.Select(document => BsonSerializer.Deserialize<StoredImage>(document)), WrongInferences.Map)),
            WrongInferences.Reduce));
}
