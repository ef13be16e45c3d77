using MongoDB.Bson;
using Xunit;

namespace Embedded.Tests.MongoDB.Bson;

/// <summary>Ids, decimals, dates and UUIDs against published values, and the order of everything.</summary>
public sealed class ScalarTests
{
    [Fact]
    public void An_object_id_holds_its_second_and_prints_as_it_was_read()
    {
        var id = ObjectId.Parse("5F3C9A10E0C917E9C4714161");

        Assert.Equal("5f3c9a10e0c917e9c4714161", id.ToString());
        Assert.Equal(0x5f3c9a10, id.Timestamp);
        Assert.Equal(id, new ObjectId(id.ToByteArray()));
        Assert.False(ObjectId.TryParse("5f3c9a10e0c917e9c471416", out _));
        Assert.False(ObjectId.TryParse("5f3c9a10e0c917e9c471416g", out _));
    }

    [Fact]
    public void New_object_ids_differ_and_share_the_random_part_of_the_process()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => ObjectId.GenerateNewId()).ToArray();

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Single(ids.Select(id => id.ToString()[8..18]).Distinct());
        Assert.InRange(ids[^1].CreationTime, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddMinutes(1));
    }

    [Theory]
    [InlineData("0", "3040000000000000", "0000000000000000")]
    [InlineData("-0", "b040000000000000", "0000000000000000")]
    [InlineData("1", "3040000000000000", "0000000000000001")]
    [InlineData("0.1", "303e000000000000", "0000000000000001")]
    [InlineData("0.001234", "3034000000000000", "00000000000004d2")]
    [InlineData("123456789012", "3040000000000000", "0000001cbe991a14")]
    [InlineData("0.00123400000", "302a000000000000", "00000000075aef40")]
    [InlineData("0.1234567890123456789012345678901234", "2ffc3cde6fff9732", "de825cd07e96aff2")]
    [InlineData("9.999999999999999999999999999999999E+6144", "5fffed09bead87c0", "378d8e63ffffffff")]
    [InlineData("1E-6176", "0000000000000000", "0000000000000001")]
    [InlineData("1.000000000000000000000000000000000E+6144", "5ffe314dc6448d93", "38c15b0a00000000")]
    [InlineData("1.050E+9", "304c000000000000", "000000000000041a")]
    [InlineData("NaN", "7c00000000000000", "0000000000000000")]
    [InlineData("-Infinity", "f800000000000000", "0000000000000000")]
    public void A_decimal_has_its_published_bits_and_prints_as_it_was_read(string text, string high, string low)
    {
        var value = Decimal128.Parse(text);

        Assert.Equal((high, low), (value.GetIEEEHighBits().ToString("x16"), value.GetIEEELowBits().ToString("x16")));
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("E5")]
    [InlineData("1E")]
    [InlineData("1.2.3")]
    [InlineData("1 ")]
    [InlineData("--1")]
    [InlineData("10000000000000000000000000000000001")]
    [InlineData("1E6145")]
    [InlineData("1E-6177")]
    [InlineData("in")]
    public void Text_that_is_no_decimal_or_would_be_rounded_is_refused(string text) => Assert.False(Decimal128.TryParse(text, out _));

    [Fact]
    public void Decimals_convert_to_and_from_other_numbers()
    {
        Assert.Equal("0.1000000000000000055511151231257827", new Decimal128(0.1).ToString());
        Assert.Equal("0.1", new Decimal128(0.1m).ToString());
        Assert.Equal(12.50m, (decimal)Decimal128.Parse("12.50"));
        Assert.Equal(-3L, (long)Decimal128.Parse("-3.99"));
        Assert.Equal(long.MinValue, (long)new Decimal128(long.MinValue));
        Assert.Throws<OverflowException>(() => (long)Decimal128.Parse("1E19"));
        Assert.Equal(1.5, (double)Decimal128.Parse("1.500"));
    }

    [Fact]
    public void A_uuid_has_the_bytes_of_its_representation()
    {
        var guid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

        Assert.Equal("00112233445566778899aabbccddeeff", Hex(GuidRepresentation.Standard));
        Assert.Equal("33221100554477668899aabbccddeeff", Hex(GuidRepresentation.CSharpLegacy));
        Assert.Equal("7766554433221100ffeeddccbbaa9988", Hex(GuidRepresentation.JavaLegacy));
        Assert.Equal("00112233445566778899aabbccddeeff", Hex(GuidRepresentation.PythonLegacy));

        string Hex(GuidRepresentation representation)
        {
            var data = new BsonBinaryData(guid, representation);
            Assert.Equal(guid, data.ToGuid(representation));
            return Convert.ToHexStringLower(data.Bytes);
        }
    }

    [Fact]
    public void A_date_keeps_its_milliseconds_and_reads_back_as_utc()
    {
        var time = new DateTime(2024, 2, 29, 1, 2, 3, 4, DateTimeKind.Utc).AddTicks(9999);

        var read = new BsonDateTime(time).ToUniversalTime();

        Assert.Equal(new DateTime(2024, 2, 29, 1, 2, 3, 4, DateTimeKind.Utc), read);
        Assert.Equal(DateTimeKind.Utc, read.Kind);
        Assert.Equal(DateTime.MaxValue, new BsonDateTime(DateTime.MaxValue).ToUniversalTime());
        Assert.False(new BsonDateTime(long.MaxValue).IsValidDateTime);
    }

    [Fact]
    public void Values_sort_as_the_server_sorts_them()
    {
        BsonValue[] sorted =
        [
            BsonMinKey.Value, BsonUndefined.Value, BsonNull.Value,
            double.NaN, double.NegativeInfinity, long.MinValue, -1, 0, new Decimal128(0.1m), 0.1, 1, 1.5, (1L << 53), 9007199254740993L, double.PositiveInfinity,
            "", "a", "aa", "b", "\uffee", "\U0001f600",
            new BsonDocument(), new BsonDocument("a", 1), new BsonDocument("b", 1), new BsonDocument("a", "x"),
            new BsonArray(), new BsonArray { 1 }, new BsonArray { 1, 2 }, new BsonArray { 2 },
            new byte[] { 9 }, new byte[] { 1, 2 }, ObjectId.Empty, false, true,
            new BsonDateTime(-1), new BsonDateTime(1), new BsonTimestamp(1), new BsonTimestamp(-1),
            new BsonRegularExpression("a"), new BsonJavaScript("a"), new BsonJavaScriptWithScope("a", []), BsonMaxKey.Value,
        ];
        var shuffled = sorted.ToArray();
        new Random(5).Shuffle(shuffled);

        Array.Sort(shuffled);

        Assert.Equal(new BsonArray(sorted).ToString(), new BsonArray(shuffled).ToString());
    }

    [Fact]
    public void Numbers_of_different_types_are_the_same_to_operators_and_not_to_equals()
    {
        BsonValue one = 1;

        Assert.True(one == 1L && one == 1.0 && one == Decimal128.Parse("1.00"));
        Assert.False(one.Equals(new BsonInt64(1)));
        Assert.Throws<InvalidCastException>(() => one.AsString);
        Assert.Equal(1L, one.ToInt64());
    }

    [Fact]
    public void A_document_finds_replaces_and_refuses_by_name()
    {
        var document = new BsonDocument(Enumerable.Range(0, 40).Select(n => new BsonElement($"f{n}", n)));

        document["f3"] = "x";
        document.Remove("f0");
        document["new"] = 1;

        Assert.Equal("x", document["f3"].AsString);
        Assert.Equal((40, 39), (document.ElementCount, document.IndexOfName("new")));
        Assert.Throws<KeyNotFoundException>(() => document["f0"]);
        Assert.Throws<InvalidOperationException>(() => document.Add("f3", 1));
        Assert.Equal(7, document.GetValue("none", 7).AsInt32);
    }
}
