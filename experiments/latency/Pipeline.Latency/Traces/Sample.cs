namespace Pipeline.Latency.Traces;

/// <summary>One image: who sent it, when it passed each <see cref="Stamp"/>, and what is odd about it.</summary>
internal sealed class Sample
{
    private readonly long[] _stamps = new long[Stamps.Count];

    public required string ImageId { get; init; }

    public required string ProducerId { get; init; }

    /// <summary>Images in the batch that the model ran; 0: not known.</summary>
    public int BatchSize { get; init; }

    public SampleFlags Flags { get; init; }

    /// <summary>Unix nanoseconds; null where the image was not seen.</summary>
    public long? this[Stamp stamp]
    {
        get => _stamps[(int)stamp] is var at and not 0 ? at : null;
        set => _stamps[(int)stamp] = value ?? 0;
    }

    /// <summary>Nanoseconds from one stamp to another; null when one of them is absent.</summary>
    public long? Between(Stamp from, Stamp to) => this[to] - this[from];
}

/// <summary>Written to the samples file by these names, lower case, joined by <c>|</c>.</summary>
[Flags]
internal enum SampleFlags
{
    None = 0,

    /// <summary>A part of the way was taken more than once, as at-least-once delivery may; the first counts.</summary>
    Duplicate = 1,

    /// <summary>Its trace lacks spans; see <see cref="ImageTrace"/>.</summary>
    Incomplete = 2,

    /// <summary>It was refused and went to a dead-letter topic, or its processing failed.</summary>
    Rejected = 4,
}
