using System.Text;
using Pipeline.Contracts;

namespace Pipeline.Tests.Contracts;

public sealed class GivenTruthTests
{
    private static readonly DateTimeOffset RecordTime = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"ID":"a","GroundTruth":"Airplane"}""", "a", "plane", "unknown")]
    [InlineData("""{"ID":"a","GroundTruth":"ship","Data":null,"producer_id":"gate"}""", "a", "ship", "gate")]
    [InlineData("""{"ID":7,"producer_id":"gate","GroundTruth":"ship","TruthBy":" Ada "}""", "gate-7", "ship", "Ada")]
    public void An_id_and_a_truth_without_a_picture_are_a_truth(string json, string id, string label, string by)
    {
        var truth = Read(Encoding.UTF8.GetBytes(json), contentType: null);

        Assert.Equal((id, label, by, RecordTime), (truth.Id, truth.Label, truth.By, truth.At));
    }

    [Fact]
    public void It_says_when_it_was_said() => Assert.Equal(
        RecordTime.AddHours(-1),
        Read("""{"ID":"a","GroundTruth":"ship","timestamp":"2026-03-01T11:00:00Z"}"""u8.ToArray(), contentType: null).At);

    [Fact]
    public void In_protobuf_it_has_no_format_and_no_pixels()
    {
        byte[] value = [0x0A, 1, .. "a"u8, 0x12, 4, .. "gate"u8, 0x1A, 4, .. "ship"u8, 0x4A, 3, .. "Ada"u8];       // fields 1, 2, 3 and 9

        var truth = Read(value, MessageEncoding.Protobuf);

        Assert.Equal(("a", "ship", "Ada", RecordTime), (truth.Id, truth.Label, truth.By, truth.At));
    }

    [Theory]
    [InlineData("""{"ID":"a","GroundTruth":"ze\nbra"}""", ProblemKind.UnknownLabel)]
    [InlineData("""{"GroundTruth":"ship"}""", ProblemKind.MissingField)]
    [InlineData("""{"ID":"a","GroundTruth":" "}""", ProblemKind.MissingField)]
    [InlineData("""{"ID":"a","GroundTruth":"ship","TruthBy":{}}""", ProblemKind.BadValue)]
    public void What_does_not_fit_is_named(string json, ProblemKind expected)
    {
        Assert.False(ImageMessage.Parse(Encoding.UTF8.GetBytes(json), null, RecordTime).IsRead(out _, out var problem));
        Assert.Equal(expected, problem.Kind);
    }

    private static GivenTruth Read(byte[] value, string? contentType)
    {
        Assert.True(ImageMessage.Parse(value, contentType, RecordTime).IsRead(out var message, out var problem), problem?.ToString());
        return Assert.IsType<GivenTruth>(message);
    }
}
