using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Pipeline.Tests.Integrations;

/// <summary>What AddKafka declares: what the official package does, as far as its documentation and its manifests tell.</summary>
public sealed class AddKafkaTests
{
    [Fact]
    public void A_broker_is_a_container_with_a_listener_for_the_host_and_one_for_containers()
    {
        var kafka = AModel.New().AddKafka("broker", 19092).Resource;

        Assert.Equal(
            [("tcp", 19092, 9092), ("internal", null, 9093)],
            kafka.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (endpoint.Name, endpoint.Port, endpoint.TargetPort)));
        Assert.All(kafka.Annotations.OfType<EndpointAnnotation>(),
            endpoint => Assert.Equal((ProtocolType.Tcp, "tcp", false), (endpoint.Protocol, endpoint.UriScheme, endpoint.IsExternal)));
        var image = AModel.Annotation<ContainerImageAnnotation>(kafka);
        Assert.Equal(("docker.io", "confluentinc/confluent-local", "8.1.1"), (image.Registry, image.Image, image.Tag));
        Assert.Equal("broker_check", AModel.Annotation<HealthCheckAnnotation>(kafka).Key);
    }

    [Fact]
    public void Clients_are_told_host_and_port()
    {
        var kafka = AModel.New().AddKafka("broker").Resource;

        Assert.Equal("{broker.bindings.tcp.host}:{broker.bindings.tcp.port}", kafka.ConnectionStringExpression.ValueExpression);
        Assert.Equal(["Host={broker.bindings.tcp.host}", "Port={broker.bindings.tcp.port}"], AModel.Properties(kafka));
    }

    [Fact]
    public async Task On_this_machine_a_broker_advertises_localhost()
    {
        var variables = await AModel.VariablesAsync(AModel.New().AddKafka("broker").Resource);

        Assert.Equal(
            "PLAINTEXT://localhost:29092,PLAINTEXT_HOST://localhost:{broker.bindings.tcp.port},PLAINTEXT_INTERNAL://broker:{broker.bindings.internal.targetPort}",
            variables["KAFKA_ADVERTISED_LISTENERS"]);
    }

    [Fact]
    public async Task The_manifest_has_the_log_in_a_volume_and_listeners_by_reference()
    {
        var manifest = await AModel.ManifestAsync(builder => builder.AddKafka("kafka").WithDataVolume("data").WithKafkaUI());

        Assert.Null(manifest["kafka-ui"]);
        AModel.AssertJson("""
            {
              "type": "container.v0",
              "connectionString": "{kafka.bindings.tcp.host}:{kafka.bindings.tcp.port}",
              "image": "docker.io/confluentinc/confluent-local:8.1.1",
              "volumes": [ { "name": "data", "target": "/var/lib/kafka/data", "readOnly": false } ],
              "env": {
                "KAFKA_LISTENERS": "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093",
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT",
                "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://{kafka.bindings.tcp.host}:29092,PLAINTEXT_HOST://{kafka.bindings.tcp.host}:{kafka.bindings.tcp.port},PLAINTEXT_INTERNAL://{kafka.bindings.internal.host}:{kafka.bindings.internal.port}",
                "KAFKA_LOG_DIRS": "/var/lib/kafka/data"
              },
              "bindings": {
                "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 9092 },
                "internal": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 9093 }
              }
            }
            """, manifest["kafka"]);
    }

    [Fact]
    public void The_log_can_lie_in_a_folder_of_the_host()
    {
        var mount = AModel.Annotation<ContainerMountAnnotation>(
            AModel.New().AddKafka("broker").WithDataBindMount("/data", isReadOnly: true).Resource);

        Assert.Equal(
            ("/data", "/var/lib/kafka/data", ContainerMountType.BindMount, true), (mount.Source, mount.Target, mount.Type, mount.IsReadOnly));
    }

    [Fact]
    public async Task One_page_shows_all_brokers()
    {
        var builder = AModel.New();
        builder.AddKafka("one").WithKafkaUI(page => page.WithHostPort(18080));
        builder.AddKafka("two").WithKafkaUI();

        var page = Assert.Single(builder.Resources.OfType<KafkaUIContainerResource>());

        Assert.Equal("kafka-ui", page.Name);
        var endpoint = AModel.Annotation<EndpointAnnotation>(page);
        Assert.Equal(("http", 18080, 8080), (endpoint.Name, endpoint.Port, endpoint.TargetPort));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["KAFKA_CLUSTERS_0_NAME"] = "one",
                ["KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS"] = "one:{one.bindings.internal.targetPort}",
                ["KAFKA_CLUSTERS_1_NAME"] = "two",
                ["KAFKA_CLUSTERS_1_BOOTSTRAPSERVERS"] = "two:{two.bindings.internal.targetPort}",
            },
            await AModel.VariablesAsync(page));
    }
}
