namespace Pipeline.Contracts;

/// <summary>
/// The topics, who writes and who reads each, and the consumer groups, by the names that they have where no option says otherwise: services ask
/// <see cref="Options.TopicOptions"/> and <see cref="Options.GroupOptions"/>.
/// </summary>
public static class Topics
{
    /// <summary>Captured images, key: producer id. Written by cameras; read by <c>inference</c> and <c>db-consumer</c>.</summary>
    public const string ImageData = "image_data";

    /// <summary>What the model saw, key: image id. Written by inference; read by <c>db-consumer</c>.</summary>
    public const string InferenceResults = "inference_results";

    /// <summary>
    /// Images nobody can use. What cannot be read, inference alone writes here: both readers refuse the same messages, because
    /// both ask <see cref="ImageMessage.Parse"/>, and one of them has to be the one who says so. So is a picture whose pixels
    /// turn out to be broken, which db-consumer stores. An id that another image
    /// has already taken is written here by db-consumer, which alone can know.
    /// </summary>
    public const string ImageDataDeadLetters = ImageData + DeadLetterSuffix;

    /// <summary>Results nobody can use. Written by db-consumer.</summary>
    public const string InferenceResultsDeadLetters = InferenceResults + DeadLetterSuffix;

    public const string DeadLetterSuffix = ".dlq";

    public const string InferenceGroup = "inference";

    /// <summary>Of the group in which inference goes over old images again.</summary>
    public const string ReplaySuffix = "-replay";

    public const string DbConsumerGroup = "db-consumer";

    /// <summary>
    /// What a second model says in the shadow of the first, key: image id. Written by a shadow; read by <c>db-consumer</c>, in a group of its own.
    /// </summary>
    public const string ShadowResults = "shadow_results";

    /// <summary>Of the groups that have to do with a shadow: they are called as those of the live model.</summary>
    public const string ShadowSuffix = "-shadow";

    /// <summary>Partitions of a topic that the pipeline creates: how many replicas of one service can share the work.</summary>
    public const int DefaultPartitionCount = 8;

    /// <summary>Dead letters are read by people, in order of arrival.</summary>
    public const int DeadLetterPartitionCount = 1;
}
