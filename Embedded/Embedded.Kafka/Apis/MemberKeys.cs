using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>What members send with every request after joining; the same three fields in SyncGroup, Heartbeat and OffsetCommit.</summary>
internal static class MemberKeys
{
    /// <param name="instanceIdFrom">The first version of this API that knows static members.</param>
    public static MemberKey Read(ref WireReader body, short version, short instanceIdFrom)
    {
        var generation = body.ReadInt32();
        var memberId = body.ReadString();
        return new MemberKey(memberId, version >= instanceIdFrom ? body.ReadNullableString() : null, generation);
    }
}
