namespace Embedded.Kafka.Log;

/// <summary>A topic: a name, an id that never comes back, settings, and its partitions.</summary>
internal sealed class Topic(Guid id, string name, TopicConfig config, PartitionLog[] partitions)
{
    public const int MaxNameCharacters = 249;

    /// <summary>Apache Kafka keeps its own state under these names; clients treat them specially.</summary>
    private static readonly HashSet<string> Reserved =
        new(StringComparer.Ordinal) { "__consumer_offsets", "__transaction_state", "__cluster_metadata", "__share_group_state" };

    public Guid Id { get; } = id;

    public string Name { get; } = name;

    public TopicConfig Config { get; } = config;

    public PartitionLog[] Partitions { get; } = partitions;

    /// <returns>Null: there is no such partition.</returns>
    public PartitionLog? Partition(int index) => (uint)index < (uint)Partitions.Length ? Partitions[index] : null;

    public static bool IsReserved(string name) => Reserved.Contains(name);

    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= MaxNameCharacters && name is not ("." or "..")
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
