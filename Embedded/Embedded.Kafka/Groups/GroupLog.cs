using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Groups;

/// <summary>What the coordinator says to its operator.</summary>
internal static partial class GroupLog
{
    [LoggerMessage(EventId = 301, EventName = "kafka.group.rebalance.starts", Level = LogLevel.Information,
        Message = "Group {Group} leaves generation {Generation}: {Reason}")]
    public static partial void RebalanceStarts(this ILogger log, string group, int generation, string reason);

    [LoggerMessage(EventId = 302, EventName = "kafka.group.generation.starts", Level = LogLevel.Information,
        Message = "Group {Group} is in generation {Generation}, protocol {Protocol}, {MemberCount} members")]
    public static partial void GenerationStarts(this ILogger log, string group, int generation, string? protocol, int memberCount);

    [LoggerMessage(EventId = 303, EventName = "kafka.group.empty", Level = LogLevel.Information,
        Message = "Group {Group} is empty, generation {Generation}")]
    public static partial void GroupIsEmpty(this ILogger log, string group, int generation);

    [LoggerMessage(EventId = 304, EventName = "kafka.group.member.joins", Level = LogLevel.Debug,
        Message = "Group {Group}: {Member} joins")]
    public static partial void MemberJoins(this ILogger log, string group, string member);

    [LoggerMessage(EventId = 305, EventName = "kafka.group.member.leaves", Level = LogLevel.Information,
        Message = "Group {Group}: {Member} leaves")]
    public static partial void MemberLeaves(this ILogger log, string group, string member);

    [LoggerMessage(EventId = 306, EventName = "kafka.group.member.expired", Level = LogLevel.Warning,
        Message = "Group {Group}: {Member} was not heard of for {SessionTimeoutMs} ms and is out")]
    public static partial void MemberExpired(this ILogger log, string group, string member, int sessionTimeoutMs);

    [LoggerMessage(EventId = 307, EventName = "kafka.group.member.missed", Level = LogLevel.Warning,
        Message = "Group {Group}: {Member} did not take part in the rebalance and is out")]
    public static partial void MemberMissedRebalance(this ILogger log, string group, string member);

    [LoggerMessage(EventId = 308, EventName = "kafka.group.save.failed", Level = LogLevel.Error,
        Message = "Group {Group} cannot be saved; free space or check the data folder")]
    public static partial void SaveFailed(this ILogger log, string group, Exception failure);

    [LoggerMessage(EventId = 309, EventName = "kafka.group.timer.failed", Level = LogLevel.Error,
        Message = "A deadline of the group coordinator failed; this is a bug")]
    public static partial void TimerFailed(this ILogger log, Exception bug);

    [LoggerMessage(EventId = 310, EventName = "kafka.groups.restored", Level = LogLevel.Information,
        Message = "{GroupCount} groups restored; {TruncatedBytes} bytes of a torn write cut off groups.log")]
    public static partial void GroupsRestored(this ILogger log, int groupCount, long truncatedBytes);

    [LoggerMessage(EventId = 311, EventName = "kafka.group.offsets.expired", Level = LogLevel.Information,
        Message = "Group {Group}: {Count} committed offsets expired")]
    public static partial void OffsetsExpired(this ILogger log, string group, int count);
}
