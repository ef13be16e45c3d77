namespace Pipeline.Inference.Models;

/// <summary>Makes probabilities of logits, and tells the one from the other.</summary>
internal static class Softmax
{
    /// <summary>Float16 has three digits.</summary>
    private const float Rounding = 2e-3f;

    /// <summary>Of a thousand probabilities of eight bits each.</summary>
    private const float RoundingOfSum = 0.05f;

    public static void Apply(Span<float> row)
    {
        var max = float.NegativeInfinity;
        foreach (var logit in row)
        {
            max = Math.Max(max, logit);
        }

        var sum = 0f;
        foreach (ref var number in row)
        {
            number = MathF.Exp(number - max);                // the largest becomes 1: nothing overflows
            sum += number;
        }

        foreach (ref var number in row)
        {
            number /= sum;
        }
    }

    /// <summary>Whether a row can be probabilities of classes of which one is right. Logits that happen to look so there are none in practice.</summary>
    public static bool IsDistribution(ReadOnlySpan<float> row)
    {
        var sum = 0f;
        foreach (var number in row)
        {
            sum += number;
        }

        return AreProbabilities(row) && Math.Abs(sum - 1) < RoundingOfSum;
    }

    public static bool AreProbabilities(ReadOnlySpan<float> row) => !row.ContainsAnyExceptInRange(0, 1 + Rounding);
}
