using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Contracts;

/// <summary>Why a message could not be read; stable names, used in dead-letter headers and metrics.</summary>
public enum ProblemKind
{
    UnknownEncoding,
    TooLarge,
    BrokenProtobuf,
    BrokenJson,
    MissingField,
    BadValue,
    UnknownLabel,
    BadBase64,
    BrokenPng,

    /// <summary>A picture in another format than PNG.</summary>
    BrokenPicture,
    UnsupportedPicture,
    UnknownPixelFormat,
    WrongSize,
    WrongPixelCount,

    /// <summary>Kafka's client could not open the record, such as one whose compressed bytes are damaged.</summary>
    UnreadableRecord,

    /// <summary>Broker or store would not take what was made of it.</summary>
    Refused,

    /// <summary>Handling it failed in a way that nobody foresaw.</summary>
    Failed,
}

/// <summary>One reason to refuse a message.</summary>
/// <param name="Kind">For programs.</param>
/// <param name="Text">For people: what was expected and what came.</param>
public sealed record Problem(ProblemKind Kind, string Text)
{
    public override string ToString() => $"{Kind}: {Text}";

    /// <summary>One record never stops a service: what its reader did not foresee is a problem of that record too.</summary>
    public static Problem Of(Exception unforeseen) =>
        new(ProblemKind.Failed, $"reading it failed: {unforeseen.GetType().Name}: {unforeseen.Message}");
}

/// <summary>Either what was read or why it could not be. Bad input is expected, so it is no exception.</summary>
public readonly struct Parsed<T> where T : class
{
    private readonly T? _value;
    private readonly Problem? _problem;

    private Parsed(T? value, Problem? problem) => (_value, _problem) = (value, problem);

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(Problem problem) => new(null, problem);

    /// <summary>True with the value, false with the problem.</summary>
    public bool IsRead([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (_value, _problem);
        return value is not null;
    }
}
