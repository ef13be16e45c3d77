using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;

namespace Embedded.Tests.MongoDB.Values;

/// <summary>The total order, and the key bytes that must be the same order.</summary>
public sealed class OrderTests
{
    /// <summary>One value of each class and the awkward ones between, ascending.</summary>
    private static readonly string[] Ascending =
    [
        "MinKey", "undefined", "null", "NaN", "-Infinity", "NumberDecimal('-1E+400')", "-1e308", "NumberLong(-9223372036854775808)",
        "NumberLong(-9007199254740993)",
        "-9007199254740992.0", "-1", "NumberDecimal('-0.1')", "0", "NumberDecimal('1E-400')", "5e-324", "NumberDecimal('0.1')", "0.1", "1",
        "NumberDecimal('1.5000000000000000000001')",
        "2", "9007199254740992.0", "NumberLong(9007199254740993)", "NumberDecimal('9007199254740993.5')", "NumberLong(9007199254740994)",
        "NumberLong(9223372036854775807)", "9223372036854775808.0", "1e308", "NumberDecimal('1E+400')", "Infinity",
        "''", "'a'", "'a\\0b'", "'aa'", "'b'", "{}", "{a: 1}", "{a: 1, b: 1}", "{b: 0}", "{x: 1}", "{a: 'x'}", "{a: false}", "{a: true}",
        "{b: false}",
        "[]", "[1]", "[1, 2]", "[2]", "BinData('')", "BinData('ff')", "BinData('0000')", "ObjectId('000000000000000000000001')",
        "ObjectId('ff0000000000000000000000')",
        "false", "true", "ISODate('1969-01-01')", "ISODate('2026-01-01')", "Timestamp(1, 1)", "Timestamp(4294967295, 0)", "/a/", "/a/i", "/b/",
        "MaxKey",
    ];

    [Fact]
    public void Values_are_in_the_documented_order()
    {
        var values = Array.ConvertAll(Ascending, Shell.Value);
        for (var i = 0; i < values.Length; i++)
        {
            for (var j = 0; j < values.Length; j++)
            {
                Assert.True(
                    Math.Sign(ValueOrder.Compare(values[i].Raw, values[j].Raw)) == Math.Sign(i - j), $"{Ascending[i]} against {Ascending[j]}");
            }
        }
    }

    [Fact]
    public void Keys_compare_as_their_values_do()
    {
        var values = Array.ConvertAll(Ascending, Shell.Value);
        foreach (var left in values)
        {
            foreach (var right in values)
            {
                var order = Math.Sign(ValueOrder.Compare(left.Raw, right.Raw));
                Assert.Equal(order, Math.Sign(KeyEncoding.Encode(left.Raw).AsSpan().SequenceCompareTo(KeyEncoding.Encode(right.Raw))));
                Assert.Equal(-order, Math.Sign(KeyEncoding.Encode(left.Raw, descending: true).AsSpan()
                    .SequenceCompareTo(KeyEncoding.Encode(right.Raw, descending: true))));
            }
        }
    }

    [Fact]
    public void Keys_of_random_values_compare_as_the_values_do()
    {
        var random = new Random(20261121);
        var values = Enumerable.Range(0, 400).Select(_ => Shell.Value(RandomBson.Value(random, depth: 2))).ToArray();
        foreach (var left in values)
        {
            foreach (var right in values)
            {
                Assert.Equal(
                    Math.Sign(ValueOrder.Compare(left.Raw, right.Raw)),
                    Math.Sign(KeyEncoding.Encode(left.Raw).AsSpan().SequenceCompareTo(KeyEncoding.Encode(right.Raw))));
            }
        }
    }

    [Theory]
    [InlineData("1", "1.0", "NumberLong(1)", "NumberDecimal('1')", "NumberDecimal('1.00')")]
    [InlineData("0", "-0.0", "NumberDecimal('-0')", "NumberDecimal('0E+10')")]
    [InlineData("1000", "NumberDecimal('1E+3')")]
    [InlineData("{a: 1}", "{a: 1.0}")]
    public void Equal_values_of_different_types_have_one_key(params string[] values)
    {
        foreach (var value in values)
        {
            Assert.Equal(0, ValueOrder.Compare(Shell.Value(values[0]).Raw, Shell.Value(value).Raw));
            Assert.Equal(KeyEncoding.Encode(Shell.Value(values[0]).Raw), KeyEncoding.Encode(Shell.Value(value).Raw));
        }
    }

    [Theory]
    [InlineData("1", "20bff0000000000000000000")]
    [InlineData("NumberDecimal('1')", "20bff0000000000000000000")]
    [InlineData("-1", "20400fffffffffffff000000")]
    [InlineData("-0.0", "208000000000000000000000")]
    [InlineData("NaN", "200000000000000000000000")]
    [InlineData("-Infinity", "20000fffffffffffff000000")]
    [InlineData("NumberLong(9007199254740993)", "20c340000000000000000100")]
    [InlineData("NumberLong(-9007199254740993)", "203cbffffffffffffe000100")]
    [InlineData("'a\\0b'", "286100ff620000")]
    [InlineData("null", "18")]
    [InlineData("true", "51")]
    [InlineData("ISODate('1970-01-01')", "588000000000000000")]
    public void A_key_has_these_bytes(string value, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(KeyEncoding.Encode(Shell.Value(value).Raw)));
    }

    [Fact]
    public void A_descending_key_is_the_inverted_key()
    {
        Assert.Equal("a77fffffffffffffff", Convert.ToHexStringLower(KeyEncoding.Encode(Shell.Value("ISODate('1970-01-01')").Raw, descending: true)));
    }

    [Fact]
    public void Documents_sort_by_the_least_element_upwards_and_the_greatest_downwards()
    {
        string[] documents = ["{a: []}", "{}", "{a: NaN}", "{a: -1}", "{a: 1}", "{a: [7, 2]}", "{a: 3}", "{a: 'a'}", "{a: {x: 1}}", "{a: true}",
            "{a: MaxKey}"];

        Assert.Equal(
            documents, documents.Reverse().OrderBy(Shell.Bson, Comparer<byte[]>.Create((l, r) => Sort.Parse(Shell.Bson("{a: 1}")).Compare(l, r))));
        Assert.True(Sort.Parse(Shell.Bson("{a: -1}")).Compare(Shell.Bson("{a: [7, 2]}"), Shell.Bson("{a: 3}")) < 0);
    }

    [Fact]
    public void A_compound_sort_goes_from_left_to_right()
    {
        var sort = Sort.Parse(Shell.Bson("{a: 1, 'b.c': -1}"));

        Assert.True(sort.Compare(Shell.Bson("{a: 1, b: {c: 1}}"), Shell.Bson("{a: 1, b: {c: 2}}")) > 0);
        Assert.True(sort.Compare(Shell.Bson("{a: 1}"), Shell.Bson("{a: 2, b: {c: 2}}")) < 0);
        Assert.Equal(["a", "b"], sort.Uses.Names.Order());
    }
}
