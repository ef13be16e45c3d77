namespace Embedded.Kafka.Groups;

/// <summary>Where a group is between two generations. The names are those that DescribeGroups shows.</summary>
internal enum GroupState
{
    /// <summary>No members; may hold offsets.</summary>
    Empty,

    /// <summary>Collecting the members that want to be in the next generation.</summary>
    PreparingRebalance,

    /// <summary>The next generation is known; its leader is working out who reads what.</summary>
    CompletingRebalance,

    /// <summary>Every member can have its assignment.</summary>
    Stable,

    /// <summary>Removed; whoever still holds it is sent to look for the coordinator again.</summary>
    Dead,
}
