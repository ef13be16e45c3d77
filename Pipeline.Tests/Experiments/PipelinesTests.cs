using Aspire.Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.Latency.Running;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Tests.Experiments;

public sealed class PipelinesTests
{
    [Fact]
    public void The_report_states_what_the_services_are_set_to()
    {
        var kafka = new KafkaProducerSettings();
        kafka.WriteReliably();
        var stated = Pipelines.Default;

        Assert.Equal(new ModelOptions().MaxBatch, stated.MaxBatch);
        Assert.Equal(Topics.DefaultPartitionCount, stated.Partitions);
        Assert.Equal(kafka.Config.LingerMs, stated.LingerMs);
        Assert.Equal(kafka.Config.Acks.ToString(), stated.Acks, ignoreCase: true);
    }
}
