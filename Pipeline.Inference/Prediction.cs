using Pipeline.Contracts;

namespace Pipeline.Inference;

/// <summary>What is told of a picture: the likeliest class, and the probabilities of all, of a model with many those of the likeliest.</summary>
/// <param name="Labels">In the model's order, or the likeliest first.</param>
/// <param name="Probabilities">One for each of them.</param>
internal sealed record Prediction(string Label, float Confidence, IReadOnlyList<string> Labels, float[] Probabilities)
{
    public static Prediction Of(IReadOnlyList<string> labels, ReadOnlySpan<float> probabilities)
    {
        var best = IndexOfMax(probabilities);
        return labels.Count <= Limits.MaxProbabilities
            ? new(labels[best], probabilities[best], labels, probabilities.ToArray())
            : OfMany(labels, probabilities, best);
    }

    internal static int IndexOfMax(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best])
            {
                best = i;
            }
        }
        return best;
    }

    private static Prediction OfMany(IReadOnlyList<string> labels, ReadOnlySpan<float> probabilities, int best)
    {
        var likeliest = new PriorityQueue<int, float>(Limits.MaxProbabilities + 1);
        for (var i = 0; i < probabilities.Length; i++)
        {
            likeliest.Enqueue(i, probabilities[i]);
            if (likeliest.Count > Limits.MaxProbabilities)
            {
                likeliest.Dequeue();
            }
        }

        var (names, shares) = (new string[Limits.MaxProbabilities], new float[Limits.MaxProbabilities]);
        for (var i = Limits.MaxProbabilities - 1; i >= 0; i--)
        {
            var index = likeliest.Dequeue();
            (names[i], shares[i]) = (labels[index], probabilities[index]);
        }

        return new(labels[best], probabilities[best], names, shares);
    }
}
