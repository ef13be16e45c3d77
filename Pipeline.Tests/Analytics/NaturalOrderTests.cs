using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class NaturalOrderTests
{
    [Fact]
    public void Numbers_in_names_compare_by_value()
    {
        string[] names = ["camera-10", "camera-2", "camera-1", "camera", "camera-2b", "Camera-1", "camera-010"];

        Array.Sort(names, NaturalOrder.Comparer);

        Assert.Equal(["Camera-1", "camera", "camera-1", "camera-2", "camera-2b", "camera-010", "camera-10"], names);
    }

    [Fact]
    public void It_is_a_total_order()
    {
        var random = new Random(11);
        var names = Enumerable.Range(0, 40).Select(_ => new string(random.GetItems("ab019-".AsSpan(), random.Next(5)))).Distinct().ToArray();

        Assert.All(names, left => Assert.All(names, right =>
        {
            var order = Math.Sign(NaturalOrder.Comparer.Compare(left, right));
            Assert.Equal(-order, Math.Sign(NaturalOrder.Comparer.Compare(right, left)));
            Assert.Equal(left == right, order == 0);
            Assert.All(names, third =>
            {
                if (order <= 0 && NaturalOrder.Comparer.Compare(right, third) <= 0)
                {
                    Assert.True(NaturalOrder.Comparer.Compare(left, third) <= 0, $"{left} <= {right} <= {third}");
                }
            });
        }));
    }
}
