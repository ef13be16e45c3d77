namespace Pipeline.Inference;

/// <summary>
/// How much of each pixel of a long line goes into each of a short one, or the other way round. A pixel looks as far to both sides as the
/// lengths differ, so shrinking averages and growing interpolates: what Pillow and torchvision do as "bilinear", with which most models were trained.
/// </summary>
internal sealed class TriangleFilter
{
    private readonly int[] _firsts;
    private readonly float[] _weights;
    private readonly int _mostTaps;

    /// <param name="from">Length of the line.</param>
    /// <param name="taken">How much of its middle goes into the result.</param>
    /// <param name="to">Length of the result.</param>
    public TriangleFilter(int from, float taken, int to)
    {
        (From, Taken, To) = (from, taken, to);
        var (start, scale) = ((from - taken) / 2, taken / to);
        var reach = Math.Max(scale, 1);
        _mostTaps = Math.Min(from, (int)(2 * reach) + 2);
        _firsts = new int[to];
        _weights = new float[to * _mostTaps];
        for (var index = 0; index < to; index++)
        {
            var middle = start + (index + 0.5f) * scale;
            var first = Math.Clamp((int)(middle - reach + 0.5f), 0, from - _mostTaps);
            var weights = _weights.AsSpan(index * _mostTaps, _mostTaps);
            var sum = 0f;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                weights[tap] = Math.Max(0, 1 - Math.Abs(first + tap + 0.5f - middle) / reach);
                sum += weights[tap];
            }

            foreach (ref var weight in weights)
            {
                weight /= sum;
            }

            _firsts[index] = first;
        }
    }

    public int From { get; }

    public float Taken { get; }

    public int To { get; }

    /// <summary>The weights of a pixel of the result, and which pixel the first of them is for.</summary>
    public ReadOnlySpan<float> Weights(int index, out int first)
    {
        first = _firsts[index];
        return _weights.AsSpan(index * _mostTaps, _mostTaps);
    }
}
