using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Bson;

/// <summary>Documents for the property tests: one with every type, and random ones that a seed repeats.</summary>
internal static class SomeDocuments
{
    /// <summary>Every type that the official library knows, in Extended JSON.</summary>
    public const string EveryType = """
        { "double" : 1.5, "text" : "gr\u00fc\u00df\u0000e", "document" : { "a" : { "b" : [] } }, "array" : [1, "two", { "three" : 3 }, [4]],
          "binary" : { "$binary" : { "base64" : "AQIDBA==", "subType" : "80" } }, "old" : { "$binary" : { "base64" : "AQI=", "subType" : "02" } },
          "uuid" : { "$uuid" : "73ffd264-44b3-4c69-90e8-e7d1dfc035d4" }, "undefined" : { "$undefined" : true },
          "id" : { "$oid" : "56e1fc72e0c917e9c4714161" }, "yes" : true, "no" : false, "date" : { "$date" : { "$numberLong" : "-1" } }, "null" : null,
          "regex" : { "$regularExpression" : { "pattern" : "a/b", "options" : "im" } },
          "code" : { "$code" : "x" }, "symbol" : { "$symbol" : "s" }, "scoped" : { "$code" : "y", "$scope" : { "z" : 1 } },
          "int" : -7, "timestamp" : { "$timestamp" : { "t" : 4000000000, "i" : 42 } }, "long" : { "$numberLong" : "8000000000" },
          "decimal" : { "$numberDecimal" : "-1.50" }, "min" : { "$minKey" : 1 }, "max" : { "$maxKey" : 1 } }
        """;

    public static BsonDocument Random(Random random, int depth = 0)
    {
        var document = new BsonDocument();
        for (var i = random.Next(6); i > 0; i--)
        {
            document[Text(random).Replace('\0', '0')] = Value(random, depth);
        }

        return document;
    }

    private static BsonValue Value(Random random, int depth) => random.Next(depth < 4 ? 16 : 14) switch
    {
        0 => random.Next(),
        1 => random.NextInt64(long.MinValue, long.MaxValue),
        2 => BitConverter.Int64BitsToDouble(random.NextInt64()),
        3 => Text(random),
        4 => random.Next(2) == 0,
        5 => BsonNull.Value,
        6 => new BsonDateTime(random.NextInt64(-1L << 40, 1L << 42)),
        7 => ObjectId.GenerateNewId(random.Next()),
        8 => new BsonBinaryData(Bytes(random), (BsonBinarySubType)(0x80 + random.Next(0x80))),
        9 => new BsonTimestamp(random.NextInt64()),
        10 => new BsonRegularExpression("a" + random.Next(), "ix"),
        11 => new BsonJavaScript(Text(random)),
        12 => new Decimal128(random.NextInt64()),
        13 => random.Next(2) == 0 ? BsonMinKey.Value : BsonMaxKey.Value,
        14 => Random(random, depth + 1),
        _ => new BsonArray(Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, depth + 1))),
    };

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => char.ConvertFromUtf32(random.Next(10) switch
        {
            0 => random.Next(0x20),
            1 => random.Next(0xa0, 0x800),
            2 => random.Next(0x1f300, 0x1f600),
            _ => random.Next('a', 'z'),
        })));
}
