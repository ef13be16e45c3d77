using System.Globalization;

namespace Embedded.Kafka.Log;

/// <summary>One topic's settings: what was set for it, over the broker's defaults. Immutable; a change makes a new one.</summary>
internal sealed class TopicConfig
{
    private readonly Dictionary<string, string> _overrides;

    private TopicConfig(BrokerOptions options, Dictionary<string, string> overrides)
    {
        _overrides = overrides;
        string Value(string name) => overrides.GetValueOrDefault(name) ?? Settings[name].Default(options);
        int Int(string name) => int.Parse(Value(name), CultureInfo.InvariantCulture);
        long Long(string name) => long.Parse(Value(name), CultureInfo.InvariantCulture);
        MaxMessageBytes = Int("max.message.bytes");
        SegmentBytes = Int("segment.bytes");
        SegmentMs = Long("segment.ms");
        RetentionMs = Long("retention.ms");
        RetentionBytes = Long("retention.bytes");
        TimestampBeforeMaxMs = Long("message.timestamp.before.max.ms");
        TimestampAfterMaxMs = Long("message.timestamp.after.max.ms");
        IsLogAppendTime = Value("message.timestamp.type") == "LogAppendTime";
        IsCompacted = Value("cleanup.policy").Contains("compact", StringComparison.Ordinal);
        IsDeleted = Value("cleanup.policy").Contains("delete", StringComparison.Ordinal);
    }

    public int MaxMessageBytes { get; }

    public int SegmentBytes { get; }

    public long SegmentMs { get; }

    public long RetentionMs { get; }

    public long RetentionBytes { get; }

    public long TimestampBeforeMaxMs { get; }

    public long TimestampAfterMaxMs { get; }

    public bool IsLogAppendTime { get; }

    /// <summary>Records need keys. Compaction itself is not built: everything is kept.</summary>
    public bool IsCompacted { get; }

    /// <summary>Retention applies.</summary>
    public bool IsDeleted { get; }

    /// <summary>What was set for this topic.</summary>
    public IReadOnlyDictionary<string, string> Overrides => _overrides;

    private delegate bool Check(string text);

    /// <param name="Default">The value where a topic sets none.</param>
    private sealed record Setting(Func<BrokerOptions, string> Default, Check IsValid);

    private static readonly Dictionary<string, Setting> Settings = new(StringComparer.Ordinal)
    {
        ["cleanup.policy"] = new(_ => "delete", OneOrMore("delete", "compact")),
        ["compression.type"] = new(_ => "producer", OneOf("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd")),
        ["delete.retention.ms"] = new(_ => "86400000", Whole(0)),
        ["file.delete.delay.ms"] = new(_ => "60000", Whole(0)),
        ["flush.messages"] = new(_ => "9223372036854775807", Whole(1)),
        ["flush.ms"] = new(_ => "9223372036854775807", Whole(0)),
        ["index.interval.bytes"] = new(_ => "4096", Whole(0, int.MaxValue)),
        ["max.compaction.lag.ms"] = new(_ => "9223372036854775807", Whole(1)),
        ["max.message.bytes"] = new(o => Text(o.MaxMessageBytes), Whole(0, int.MaxValue)),
        ["message.timestamp.after.max.ms"] = new(_ => "9223372036854775807", Whole(0)),
        ["message.timestamp.before.max.ms"] = new(_ => "9223372036854775807", Whole(0)),
        ["message.timestamp.type"] = new(_ => "CreateTime", OneOf("CreateTime", "LogAppendTime")),
        ["min.cleanable.dirty.ratio"] = new(_ => "0.5", Ratio),
        ["min.compaction.lag.ms"] = new(_ => "0", Whole(0)),
        ["min.insync.replicas"] = new(_ => "1", Whole(1, int.MaxValue)),
        ["preallocate"] = new(_ => "false", OneOf("true", "false")),
        ["retention.bytes"] = new(o => Text(o.RetentionBytes), Whole(-1)),
        ["retention.ms"] = new(o => Text(o.RetentionMs), Whole(-1)),
        ["segment.bytes"] = new(o => Text(o.SegmentBytes), Whole(1024, int.MaxValue)),
        ["segment.index.bytes"] = new(_ => "10485760", Whole(4, int.MaxValue)),
        ["segment.jitter.ms"] = new(_ => "0", Whole(0)),
        ["segment.ms"] = new(_ => "604800000", Whole(1)),
        ["unclean.leader.election.enable"] = new(_ => "false", OneOf("true", "false")),
    };

    /// <summary>Every setting with its value in force, in name order.</summary>
    public IEnumerable<(string Name, string Value, bool IsOverride)> All(BrokerOptions options) =>
        Settings.Select(setting => _overrides.TryGetValue(setting.Key, out var value)
            ? (setting.Key, value, true)
            : (setting.Key, setting.Value.Default(options), false));

    /// <param name="problem">A sentence that names what is wrong.</param>
    public static bool TryCreate(
        BrokerOptions options, IEnumerable<KeyValuePair<string, string?>> overrides, out TopicConfig config, out string? problem)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        config = null!;
        problem = null;
        foreach (var (name, value) in overrides)
        {
            if (!Settings.TryGetValue(name, out var setting))
            {
                problem = $"Unknown topic setting '{name}'.";
            }
            else if (value is null || !setting.IsValid(value))
            {
                problem = $"'{value}' is no value for the topic setting '{name}'.";
            }
            else if (name == "max.message.bytes" && 2 * long.Parse(value, CultureInfo.InvariantCulture) > options.MaxRequestBytes)
            {
                problem = $"max.message.bytes={value} needs socket.request.max.bytes of at least twice that; it is {options.MaxRequestBytes}.";
            }

            if (problem is not null)
            {
                return false;
            }

            values[name] = value!;
        }

        config = new TopicConfig(options, values);
        return true;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Check OneOf(params string[] allowed) => text => allowed.Contains(text);

    private static Check OneOrMore(params string[] allowed) => text => text.Split(',').All(part => allowed.Contains(part.Trim()));

    private static Check Whole(long min, long max = long.MaxValue) => text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max;

    private static bool Ratio(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1;
}
