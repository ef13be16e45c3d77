namespace Pipeline.Latency.Traces;

/// <summary>The instants of one image's way, in the order in which they happen; columns of the samples file are named by their letters.</summary>
internal enum Stamp
{
    /// <summary>s: due, by the camera's timetable.</summary>
    Scheduled,

    /// <summary>c: captured.</summary>
    Captured,

    /// <summary>p: handed to the producer's client.</summary>
    Published,

    /// <summary>a: acknowledged by the broker.</summary>
    Acknowledged,

    /// <summary>r: the poll of inference returned it.</summary>
    Received,

    /// <summary>b: its batch began.</summary>
    BatchStarted,

    /// <summary>e: the model was done with the batch.</summary>
    ModelDone,

    /// <summary>q: the prediction handed to the producer's client.</summary>
    PredictionPublished,

    /// <summary>d: the poll of db-consumer returned the prediction.</summary>
    PredictionReceived,

    /// <summary>w: its bulk write was issued.</summary>
    WriteIssued,

    /// <summary>k: the database acknowledged the prediction.</summary>
    WriteAcknowledged,

    /// <summary>g: the producer's own echo reader had the prediction.</summary>
    Echoed,
}

internal static class Stamps
{
    public const int Count = 12;

    /// <summary>The letters, in the order of <see cref="Stamp"/>.</summary>
    public const string Letters = "scparbeqdwkg";
}
