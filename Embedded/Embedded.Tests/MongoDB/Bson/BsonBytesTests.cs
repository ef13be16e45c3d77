using Embedded.MongoDB.Bson;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Bson;

/// <summary>What the checker passes can be walked to its last byte; what is no document does not get through.</summary>
public sealed class BsonBytesTests
{
    private static readonly byte[] EveryType = BsonDocument.Parse(SomeDocuments.EveryType).ToBson();

    [Fact]
    public void A_document_with_every_type_is_passed() =>
        Assert.Equal(1 + BsonDocument.Parse(SomeDocuments.EveryType).ElementCount, CountPassed(WithPointer(EveryType)));

    [Fact]
    public void What_the_official_library_writes_is_passed()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var document = SomeDocuments.Random(new Random(seed));

            Assert.Equal(document.ElementCount, CountPassed(document.ToBson()));
        }
    }

    [Fact]
    public void Every_strict_prefix_is_refused()
    {
        for (var length = 0; length < EveryType.Length; length++)
        {
            Assert.NotNull(BsonValidator.Find(EveryType.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Every_prefix_with_a_length_that_fits_it_is_refused_or_walked()
    {
        for (var length = 5; length < EveryType.Length; length++)
        {
            var cut = EveryType[..length];
            BitConverter.TryWriteBytes(cut, length);
            cut[^1] = 0;
            WalkOrRefuse(cut);
        }
    }

    [Fact]
    public void Every_single_bit_flip_is_refused_or_walked()
    {
        for (var bit = 0; bit < EveryType.Length * 8; bit++)
        {
            var flipped = EveryType.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            WalkOrRefuse(flipped);
        }
    }

    [Fact]
    public void Random_damage_is_refused_or_walked()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var mutated = EveryType.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                mutated[random.Next(4, mutated.Length)] = (byte)random.Next(256);
            }

            WalkOrRefuse(mutated);
        }
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    [InlineData(100_000, false)]
    public void Depth_is_limited_without_recursion(int depth, bool isGood)
    {
        using var buffer = new MemoryStream();
        var total = 5 + depth * 8;
        for (var i = 0; i < depth; i++)
        {
            buffer.Write(BitConverter.GetBytes(total - i * 8));
            buffer.Write([3, (byte)'a', 0]);
        }
        buffer.Write([5, 0, 0, 0, 0]);
        buffer.Write(new byte[depth]);

        Assert.Equal(isGood, BsonValidator.Find(buffer.ToArray()) is null);
    }

    [Fact]
    public void Text_that_is_no_utf8_is_passed_because_a_server_stores_what_it_is_given() =>
        Assert.Null(BsonValidator.Find(Convert.FromHexString("0e00000002610002000000e90000")));

    /// <summary>With an element of type 0x0c, which the official library cannot write.</summary>
    private static byte[] WithPointer(byte[] document)
    {
        byte[] longer = [.. document[..^1], 0x0c, (byte)'p', 0, 4, 0, 0, 0, .. "a.b\0"u8, .. new byte[12], 0];
        BitConverter.TryWriteBytes(longer, longer.Length);
        return longer;
    }

    private static void WalkOrRefuse(byte[] bytes)
    {
        if (BsonValidator.Find(bytes) is null)
        {
            CountPassed(bytes);
        }
    }

    /// <summary>Walks a document that must be one, with all that is inside it, and counts its elements.</summary>
    private static int CountPassed(ReadOnlySpan<byte> document)
    {
        Assert.Null(BsonValidator.Find(document));
        var count = 0;
        for (var cursor = new BsonCursor(document); cursor.MoveNext(); count++)
        {
            if (cursor.Type is BsonType.Document or BsonType.Array)
            {
                CountPassed(cursor.Document);
            }
        }
        return count;
    }
}
