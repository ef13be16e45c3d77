namespace Aspire.Hosting;

internal static class KafkaContainerImageTags
{
    public const string Registry = "docker.io";
    public const string Image = "confluentinc/confluent-local";
    public const string Tag = "8.1.1";
    public const string KafkaUIImage = "kafbat/kafka-ui";
    public const string KafkaUITag = "v1.4.2";
}
