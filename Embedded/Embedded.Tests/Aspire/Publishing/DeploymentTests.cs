using Aspire.Hosting;

namespace Embedded.Tests.AspireHost.Publishing;

/// <summary>Kubernetes and Compose output, kind by kind.</summary>
public sealed class DeploymentTests
{
    [Fact]
    public async Task A_project_becomes_a_Deployment_with_its_replicas_and_is_asked_where_its_health_check_is()
    {
        var inference = (await KubernetesAsync(Published.Reference))["inference.yaml"];

        Contains(inference, "kind: Deployment", "replicas: 2", "path: /health", "image: inference\n", "containerPort: 8080");
    }

    [Fact]
    public async Task A_server_with_a_volume_becomes_a_StatefulSet_that_claims_it_for_its_own_group()
    {
        var files = await KubernetesAsync(Published.Reference);

        Contains(files["kafka.yaml"], "kind: StatefulSet", "name: pipeline-kafka-data", "mountPath: /var/lib/kafka/data", "fsGroup: 1000", "enableServiceLinks: false");
        Contains(files["mongodb.yaml"], "kind: StatefulSet", "name: pipeline-mongo-data", "mountPath: /data/db", "fsGroup: 999");
    }

    [Fact]
    public async Task What_holds_a_parameter_is_put_together_in_the_pod_and_the_rest_stands_in_the_open()
    {
        var files = await KubernetesAsync(Published.Reference);

        Contains(files["analytics.yaml"], "key: operator-key", "key: mongodb-password", "name: Analytics__OperatorKey\n              value: $(OPERATOR_KEY)",
            "value: mongodb://admin:$(MONGODB_PASSWORD)@mongodb:27017/pipeline?authSource=admin&authMechanism=SCRAM-SHA-256");
        Contains(files["kustomization.yaml"], "- ConnectionStrings__kafka=kafka:9092", "- services__inference__http__0=http://inference:8080");
        Assert.DoesNotContain("PASSWORD", files["kustomization.yaml"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_looks_like_a_placeholder_stays_text()
    {
        static void Describe(IDistributedApplicationBuilder builder) => builder.AddProject<Published.Worker.Pipeline_Producer>("tool")
            .WithEnvironment("PATTERN", $"$(NOW) ${{NOW}} {builder.AddParameter("key", secret: true)}");

        Contains((await KubernetesAsync(Describe))["tool.yaml"], "value: $$(NOW) ${NOW} $(KEY)");
        Contains((await Published.StepAsync(Describe, "publish-compose"))["docker-compose.yaml"], "PATTERN: $$(NOW) $${NOW} ${KEY:?Set it in .env.}");
    }

    [Fact]
    public async Task In_Compose_a_service_waits_for_a_server_that_says_it_is_healthy()
    {
        var compose = (await Published.StepAsync(Published.Reference, "publish-compose"))["docker-compose.yaml"];

        Contains(compose, "mongodb:\n        condition: service_healthy", "kafka:\n        condition: service_healthy", "- 8080:8080", "replicas: 2");
    }

    [Fact]
    public async Task A_container_of_any_image_keeps_its_user_which_must_not_be_root()
    {
        static void Describe(IDistributedApplicationBuilder builder) => builder.AddContainer("cache", "example/cache", "1.2").WithEndpoint(targetPort: 6379);

        var cache = (await KubernetesAsync(Describe))["cache.yaml"];

        Contains(cache, "image: example/cache:1.2", "runAsNonRoot: true", "containerPort: 6379", "kind: Deployment");
        Assert.DoesNotContain("runAsUser", cache, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_application_is_written_in_the_same_bytes()
    {
        Assert.Equal(await KubernetesAsync(Published.Reference), await KubernetesAsync(Published.Reference));
    }

    [Fact]
    public async Task A_folder_of_this_machine_and_a_program_are_refused_with_the_way_out()
    {
        var folder = await Assert.ThrowsAsync<DistributedApplicationException>(() => KubernetesAsync(builder => builder.AddKafka("kafka").WithDataBindMount("data")));
        var program = await Assert.ThrowsAsync<DistributedApplicationException>(() => KubernetesAsync(builder => builder.AddExecutable("tool", "node", ".")));

        Contains(folder.Message, "'kafka'", "Use a volume");
        Contains(program.Message, "'tool'", "PublishAsDockerFile");
    }

    private static Task<Dictionary<string, string>> KubernetesAsync(Action<IDistributedApplicationBuilder> describe) => Published.StepAsync(describe, "publish-k8s");

    private static void Contains(string text, params string[] parts) => Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
}
