using System.Globalization;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How safe a write must be before the server answers.</summary>
public sealed class WriteConcern : IEquatable<WriteConcern>
{
    private readonly BsonValue? _w;

    private WriteConcern(BsonValue? w, TimeSpan? wTimeout = null, bool? journal = null) => (_w, WTimeout, Journal) = (w, wTimeout, journal);

    /// <summary>What the server has by default.</summary>
    public static WriteConcern Acknowledged { get; } = new(null);

    /// <summary>No answer at all: errors stay unknown.</summary>
    public static WriteConcern Unacknowledged { get; } = new(0);

    /// <summary>One server has it.</summary>
    public static WriteConcern W1 { get; } = new(1);

    /// <summary>Most servers have it, on disk.</summary>
    public static WriteConcern WMajority { get; } = new("majority");

    public bool IsAcknowledged => _w is not BsonInt32 { Value: 0 } || Journal == true;

    public bool IsServerDefault => _w is null && WTimeout is null && Journal is null;

    /// <summary>True waits until the write is on disk.</summary>
    public bool? Journal { get; }

    public TimeSpan? WTimeout { get; }

    public bool Equals(WriteConcern? other) => other is not null && Equals(_w, other._w) && WTimeout == other.WTimeout && Journal == other.Journal;

    public override bool Equals(object? obj) => Equals(obj as WriteConcern);

    public override int GetHashCode() => HashCode.Combine(_w, WTimeout, Journal);

    public BsonDocument ToBsonDocument() => new BsonDocument()
        .Add("w", () => _w!, _w is not null)
        .Add("wtimeout", () => (long)WTimeout!.Value.TotalMilliseconds, WTimeout is not null)
        .Add("j", () => Journal!, Journal is not null);

    public override string ToString() => ToBsonDocument().ToString();

    /// <summary>From the options of a connection string.</summary>
    internal static WriteConcern FromOptions(string? w, TimeSpan? wTimeout, bool? journal) => w is null && wTimeout is null && journal is null
        ? Acknowledged
        : new(w is null ? null : int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : w, wTimeout, journal);
}
