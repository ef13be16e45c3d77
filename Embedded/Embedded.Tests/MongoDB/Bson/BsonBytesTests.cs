using Embedded.MongoDB.Protocol.Bson;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using Xunit;

namespace Embedded.Tests.MongoDB.Bson;

/// <summary>Documents as bytes: nothing is lost, and nothing that is no document gets through.</summary>
public sealed class BsonBytesTests
{
    private static readonly JsonWriterSettings Canonical = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson };

    [Fact]
    public void A_document_with_every_type_comes_back_as_it_was()
    {
        var document = BsonDocument.Parse(SomeDocuments.EveryType);

        var bytes = document.ToBson();
        var back = BsonSerializer.Deserialize<BsonDocument>(bytes);

        Assert.Equal(document, back);
        Assert.Equal(bytes, back.ToBson());
        Assert.Equal(document.Elements.Select(e => e.Value.BsonType), back.Elements.Select(e => e.Value.BsonType));
        BsonValidator.Validate(bytes);
    }

    [Theory]
    [InlineData("{ }", "0500000000")]
    [InlineData("""{ "a" : 1 }""", "0c0000001061000100000000")]
    [InlineData("""{ "ok" : 1.0 }""", "11000000016f6b00000000000000f03f00")]
    [InlineData("""{ "a" : ["b"] }""", "160000000461000e0000000230000200000062000000")]
    [InlineData("""{ "a" : { "$oid" : "56e1fc72e0c917e9c4714161" } }""", "1400000007610056e1fc72e0c917e9c471416100")]
    [InlineData("""{ "d" : { "$binary" : { "base64" : "//8=", "subType" : "02" } } }""", "13000000056400060000000202000000ffff00")]
    [InlineData("""{ "a" : { "$timestamp" : { "t" : 123456789, "i" : 42 } } }""", "100000001161002a00000015cd5b0700")]
    [InlineData("""{ "d" : { "$numberDecimal" : "0.1" } }""", "18000000136400010000000000000000000000000" + "03e3000")]
    public void Known_documents_have_known_bytes(string json, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(BsonDocument.Parse(json).ToBson()));

    [Fact]
    public void Random_documents_come_back_as_they_were_through_bytes_and_through_json()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var document = SomeDocuments.Random(new Random(seed));

            var bytes = document.ToBson();

            Assert.True(bytes.AsSpan().SequenceEqual(BsonSerializer.Deserialize<BsonDocument>(bytes).ToBson()), $"bytes, seed {seed}");
            Assert.Null(BsonValidator.Find(bytes));
            var json = document.ToJson(Canonical);
            Assert.True(json == BsonDocument.Parse(json).ToJson(Canonical), $"JSON, seed {seed}: {json}");
        }
    }

    [Fact]
    public void Every_strict_prefix_is_refused()
    {
        var bytes = BsonDocument.Parse(SomeDocuments.EveryType).ToBson();

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.NotNull(BsonValidator.Find(bytes.AsSpan(0, length)));
            Assert.Throws<FormatException>(() => BsonSerializer.Deserialize<BsonDocument>(bytes[..length]));
        }
    }

    [Fact]
    public void Every_prefix_with_a_length_that_fits_it_is_refused_or_read()
    {
        var bytes = BsonDocument.Parse(SomeDocuments.EveryType).ToBson();

        for (var length = 5; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            BitConverter.TryWriteBytes(cut, length);
            cut[^1] = 0;
            ReadOrRefuse(cut);
        }
    }

    [Fact]
    public void Every_single_bit_flip_is_refused_or_read()
    {
        var bytes = BsonDocument.Parse(SomeDocuments.EveryType).ToBson();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            ReadOrRefuse(flipped);
        }

        var perRead = (GC.GetAllocatedBytesForCurrentThread() - before) / (bytes.Length * 8);
        Assert.InRange(perRead, 0, 200_000);
    }

    [Fact]
    public void What_the_checker_passes_the_reader_reads_apart_from_text()
    {
        var random = new Random(7);
        var bytes = BsonDocument.Parse(SomeDocuments.EveryType).ToBson();

        for (var i = 0; i < 20_000; i++)
        {
            var mutated = bytes.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
                mutated[random.Next(4, mutated.Length)] = (byte)random.Next(256);
            ReadOrRefuse(mutated);
        }
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    [InlineData(100_000, false)]
    public void Depth_is_limited_without_recursion(int depth, bool isGood)
    {
        byte[] bytes = [5, 0, 0, 0, 0];
        using var buffer = new MemoryStream();
        var total = 5 + depth * 8;
        for (var i = 0; i < depth; i++)
        {
            buffer.Write(BitConverter.GetBytes(total - i * 8));
            buffer.Write([3, (byte)'a', 0]);
        }
        buffer.Write(bytes);
        buffer.Write(new byte[depth]);

        Assert.Equal(isGood, BsonValidator.Find(buffer.ToArray()) is null);
        if (isGood)
            Assert.Equal(buffer.ToArray(), BsonSerializer.Deserialize<BsonDocument>(buffer.ToArray()).ToBson());
        else
            Assert.Throws<FormatException>(() => BsonSerializer.Deserialize<BsonDocument>(buffer.ToArray()));
    }

    [Fact]
    public void A_document_inside_itself_is_refused()
    {
        var document = new BsonDocument();
        document["self"] = document;

        Assert.Throws<FormatException>(() => document.ToBson());
    }

    [Fact]
    public void Text_that_is_no_utf8_is_refused_by_the_driver_and_passed_by_the_server()
    {
        var bytes = Convert.FromHexString("0e00000002610002000000e90000");

        Assert.Null(BsonValidator.Find(bytes));
        Assert.Throws<FormatException>(() => BsonSerializer.Deserialize<BsonDocument>(bytes));
    }

    /// <summary>Bytes that are no document end in a FormatException and in nothing else; bytes that are can be written again.</summary>
    private static void ReadOrRefuse(byte[] bytes)
    {
        var problem = BsonValidator.Find(bytes);
        try
        {
            var document = BsonSerializer.Deserialize<BsonDocument>(bytes);
            Assert.Null(problem);
            _ = document.ToBson();
        }
        catch (FormatException e)
        {
            Assert.True(problem is not null || e.Message.Contains("UTF-8", StringComparison.Ordinal), e.Message);
        }
    }
}
