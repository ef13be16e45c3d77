using System.Text.Json.Nodes;
using Embedded.Tests.Support;
using Pipeline.Analytics;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;

namespace Pipeline.Tests.Publishing;

/// <summary>
/// The base is what the AppHost writes; the overlays render, and every object in them holds together: references lead somewhere,
/// nothing runs with privileges or without bounds, and no secret stands in the open.
/// </summary>
[Collection(PublishedCollection.Name)]
[Trait("Speed", "slow")]
public sealed class KubernetesTests(PublishedPipeline published)
{
    private const string Password = "NotInTheOpen1";
    private static readonly string K8s = Path.Combine(Repository.Root, "deploy", "k8s");

    /// <summary>The overlays that are kept, and some that use the components that neither of them does.</summary>
    public static TheoryData<string> Overlays => ["dev", "prod", "finite", "spark"];

    [Fact]
    public async Task The_base_is_what_the_AppHost_writes()
    {
        var written = Path.Combine(published.Deploy, "k8s", "base");
        foreach (var file in Directory.EnumerateFiles(written))
        {
            await PublishedPipeline.AssertReviewedAsync(Path.Combine(K8s, "base", Path.GetFileName(file)), await File.ReadAllTextAsync(file));
        }

        Assert.Equal(Names(written), Names(Path.Combine(K8s, "base")));
    }

    [Fact]
    public async Task A_field_that_Kubernetes_does_not_know_is_noticed()
    {
        var written = await File.ReadAllTextAsync(Path.Combine(K8s, "base", "inference.yaml"));

        var refused = Assert.Throws<YamlDotNet.Core.YamlException>(
            () => Cluster.Read(written.Replace("readinessProbe", "readynessProbe", StringComparison.Ordinal)));

        Assert.Contains("readynessProbe", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_reference_leads_somewhere(string overlay)
    {
        var cluster = await RenderAsync(overlay);

        foreach (var (name, owner, pod) in cluster.Pods)
        {
            Assert.True(cluster.Has("ServiceAccount", (string?)pod["spec"]!["serviceAccountName"]), $"{name}: service account");
            if (owner["spec"]!["selector"] is { } selector)
            {
                Assert.True(Cluster.Selects(selector["matchLabels"], pod), $"{name}: selector");
            }

            var volumes = Cluster.Items(pod["spec"]!["volumes"]).Select(v => (string)v["name"]!)
                .Concat(Cluster.Items(owner["spec"]!["volumeClaimTemplates"]).Select(Cluster.Name)).ToList();
            foreach (var container in Cluster.Containers(pod))
            {
                Assert.All(Cluster.Items(container["volumeMounts"]), mount => Assert.Contains((string)mount["name"]!, volumes));
                Assert.All(
                    Cluster.Items(container["envFrom"]), from => Assert.True(cluster.Has("ConfigMap", (string?)from["configMapRef"]!["name"]), name));
                AssertVariables(cluster, name, container);
            }
            foreach (var configMap in Cluster.Items(pod["spec"]!["volumes"]).Select(v => v["configMap"]).OfType<JsonNode>())
            {
                Assert.True(cluster.Has("ConfigMap", (string?)configMap["name"]), $"{name}: {configMap["name"]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_service_and_probe_names_a_port_that_a_pod_has(string overlay)
    {
        var cluster = await RenderAsync(overlay);

        foreach (var service in cluster.OfKind("Service"))
        {
            var (_, _, pod) = Assert.Single(cluster.Pods, p => Cluster.Selects(service["spec"]!["selector"], p.Pod));
            Assert.All(Cluster.Items(service["spec"]!["ports"]), port => Assert.Contains((string)port["targetPort"]!, PortNames(pod)));
        }
        foreach (var (_, _, pod) in cluster.Pods.Where(IsLasting))
        {
            foreach (var probe in Cluster.Containers(pod).SelectMany(c => (JsonNode?[])[c["startupProbe"], c["readinessProbe"], c["livenessProbe"]]))
            {
                Assert.Contains((string?)(probe!["httpGet"] ?? probe["tcpSocket"])!["port"], PortNames(pod));
            }
        }
        Assert.False(cluster.Has("Service", "kafka"));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_runs_without_privileges_on_a_read_only_root_within_bounds(string overlay)
    {
        var cluster = await RenderAsync(overlay);

        foreach (var (name, _, pod) in cluster.Pods)
        {
            var spec = pod["spec"]!;
            Assert.True((bool?)spec["securityContext"]!["runAsNonRoot"] is true && (long?)spec["securityContext"]!["runAsUser"] > 0, name);
            Assert.Equal("RuntimeDefault", (string?)spec["securityContext"]!["seccompProfile"]!["type"]);
            Assert.False((bool?)spec["enableServiceLinks"] ?? true, name);
            // A token only for who has been given something to do with it: Spark's driver makes its executors.
            var hasRole = cluster.OfKind("RoleBinding")
                .Any(binding => Cluster.Items(binding["subjects"]).Any(s => (string?)s["name"] == (string?)spec["serviceAccountName"]));
            Assert.Equal(hasRole, (bool?)spec["automountServiceAccountToken"] ?? true);
            foreach (var container in Cluster.Containers(pod))
            {
                var security = container["securityContext"]!;
                Assert.True((bool?)security["readOnlyRootFilesystem"] is true && (bool?)security["allowPrivilegeEscalation"] is false, name);
                Assert.Equal("ALL", (string?)Assert.Single(Cluster.Items(security["capabilities"]!["drop"])));
                foreach (var bound in (string[])["requests", "limits"])
                {
                    Assert.True(container["resources"]![bound] is JsonObject { Count: 2 }, $"{name}: {bound}");
                }

                Assert.Matches(@"^[^:]+(/[^:]+)*:(?!latest$)[\w.]+$", (string)container["image"]!);
            }
        }
        Assert.Equal<long?>(1000, (long?)cluster.One("StatefulSet", "broker")["spec"]!["template"]!["spec"]!["securityContext"]!["fsGroup"]);
        Assert.Equal<long?>(999, (long?)cluster.One("StatefulSet", "mongodb")["spec"]!["template"]!["spec"]!["securityContext"]!["fsGroup"]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Everything_that_lasts_is_probed_and_may_be_moved_one_at_a_time(string overlay)
    {
        var cluster = await RenderAsync(overlay);

        foreach (var (name, _, pod) in cluster.Pods.Where(IsLasting))
        {
            Assert.All(Cluster.Containers(pod),
                c => Assert.True(c["startupProbe"] is not null && c["readinessProbe"] is not null && c["livenessProbe"] is not null, name));
            Assert.Single(cluster.OfKind("PodDisruptionBudget"), budget => Cluster.Selects(budget["spec"]!["selector"]!["matchLabels"], pod));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Network_policies_cover_every_pod_and_agree_with_what_pods_ask_for(string overlay)
    {
        var cluster = await RenderAsync(overlay);
        var policies = cluster.OfKind("NetworkPolicy").ToList();

        foreach (var (name, _, pod) in cluster.Pods)
        {
            var types = policies.Where(p => Cluster.Selects(p["spec"]!["podSelector"]!["matchLabels"], pod))
                .SelectMany(p => Cluster.Items(p["spec"]!["policyTypes"])).Select(t => (string)t!);
            Assert.True(types.Contains("Ingress") && types.Contains("Egress"), name);
        }
        // Who may leave for a server must be let in there, at the same port.
        foreach (var policy in policies)
        {
            foreach (var (peer, port) in Peers(policy, "egress", "to"))
            {
                var target = cluster.Pods.First(p => Cluster.Selects(peer, p.Pod));
                var senders = cluster.Pods.Where(
                    p => Cluster.Selects(policy["spec"]!["podSelector"]!["matchLabels"], p.Pod) && p.Name != target.Name);
                Assert.All(senders, sender => Assert.Contains(policies, p => Cluster.Selects(p["spec"]!["podSelector"]!["matchLabels"], target.Pod) &&
                    Peers(p, "ingress", "from").Any(from => from.Port == port && Cluster.Selects(from.Peer, sender.Pod))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_password_is_in_the_secret_and_nowhere_else(string overlay)
    {
        var cluster = await RenderAsync(overlay);

        Assert.DoesNotContain(
            cluster.Objects.Where(o => (string?)o["kind"] != "Secret"), o => o.ToJsonString().Contains(Password, StringComparison.Ordinal));
        Assert.Equal(Password, Text(cluster.One("Secret", "pipeline-parameters")["data"]!["mongodb-password"]!));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(K8s, "*.yaml", SearchOption.AllDirectories).SelectMany(file => YamlDocuments.Read(File.ReadAllText(file))),
            kept => (string?)kept["kind"] == "Secret");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_topics_are_made_with_the_partitions_that_the_services_expect(string overlay)
    {
        var made = await TopicsMadeAsync(await RenderAsync(overlay));

        Assert.Equal(new TopicOptions().All().Select(t => $"--topic {t.Name} --partitions {t.PartitionCount} --replication-factor 1"), made);
    }

    [Fact]
    public async Task Other_topics_and_groups_reach_the_services_the_topics_and_what_scales_them()
    {
        using var deploy = new TemporaryFolder();
        (await PublishedPipeline.RunAsync(
            "--operation", "publish", "--step", "publish", "--output-path", deploy.Path,
            "--Topics:Images", "iot_images", "--Topics:Results", "inferences", "--Topics:ImageDeadLetters", "bad_images",
            "--Topics:Partitions", "12", "--Topics:Retention", "2d", "--Groups:DbConsumer", "writers")).Succeeded();

        var cluster = await RenderAsync("prod", deploy.File("k8s/base"));

        const string Kept = "--replication-factor 1 --config retention.ms=172800000";
        Assert.Equal(
            [
                $"--topic iot_images --partitions 12 {Kept}", $"--topic inferences --partitions 12 {Kept}",
                "--topic bad_images --partitions 1 --replication-factor 1", "--topic inferences.dlq --partitions 1 --replication-factor 1",
            ],
            await TopicsMadeAsync(cluster));
        var scaled = cluster.One("ScaledObject", "db-consumer")["spec"]!;
        Assert.Equal(12, (long?)scaled["maxReplicaCount"]);
        Assert.Equal(
            [("writers", "iot_images"), ("writers", "inferences")],
            Cluster.Items(scaled["triggers"]).Select(t => ((string?)t["metadata"]!["consumerGroup"], (string?)t["metadata"]!["topic"])));
        Assert.All((string[])["producer", "inference", "db-consumer", "analytics"], service =>
            Assert.Equal("iot_images", (string?)ConfigOf(cluster, service)["Topics__Images"]));
    }

    /// <summary>What the Job asks Kafka's own tool for.</summary>
    private static async Task<IEnumerable<string>> TopicsMadeAsync(Cluster cluster)
    {
        var container = Cluster.Containers(cluster.One("Job", "topics")["spec"]!["template"]!).Single();
        var script = "kafka-topics() { echo \"$@\"; }\n" + (string)container["args"]![0]!;
        var config = cluster.One("ConfigMap", (string)container["envFrom"]![0]!["configMapRef"]!["name"]!)["data"]!.AsObject();
        var run = await ClientProgram.RunAsync(
            "bash", ["-euo", "pipefail", "-c", script], environment: config.ToDictionary(entry => entry.Key, entry => (string)entry.Value!));
        _ = run.Succeeded();
        return run.Lines.Select(line => line[line.IndexOf("--topic", StringComparison.Ordinal)..]);
    }

    private static JsonNode ConfigOf(Cluster cluster, string service) =>
        cluster.OfKind("ConfigMap").Single(c => Cluster.Name(c).StartsWith($"{service}-config", StringComparison.Ordinal))["data"]!;

    [Fact]
    public async Task Consumers_scale_on_the_lag_of_their_own_group_up_to_the_partitions_and_never_back_by_an_apply()
    {
        var cluster = await RenderAsync("prod");

        foreach (var scaled in cluster.OfKind("ScaledObject"))
        {
            var target = (string)scaled["spec"]!["scaleTargetRef"]!["name"]!;
            Assert.Null(cluster.One("Deployment", target)["spec"]!["replicas"]);
            Assert.Equal<long?>(Topics.DefaultPartitionCount, (long?)scaled["spec"]!["maxReplicaCount"]);
            foreach (var trigger in Cluster.Items(scaled["spec"]!["triggers"]).Select(t => t["metadata"]!))
            {
                Assert.Contains((string?)trigger["consumerGroup"], (string[])[Topics.InferenceGroup, Topics.DbConsumerGroup]);
                Assert.Equal(target, (string?)trigger["consumerGroup"]);
                Assert.Contains((string?)trigger["topic"], new TopicOptions().All().Select(t => t.Name));
                // What the broker advertises must be a name that KEDA's namespace knows.
                Assert.Contains((string)trigger["bootstrapServers"]!, (string)cluster.OfKind("ConfigMap")
                    .Single(c => Cluster.Name(c).StartsWith("broker-config", StringComparison.Ordinal))["data"]!["KAFKA_ADVERTISED_LISTENERS"]!,
                    StringComparison.Ordinal);
            }
        }
        Assert.Equal(2, cluster.OfKind("ScaledObject").Count());
    }

    [Fact]
    public async Task The_report_runs_with_arguments_that_analytics_understands()
    {
        var pod = (await RenderAsync("prod")).Pods.Single(p => p.Name == "CronJob/report").Pod;

        var args = Cluster.Items(Cluster.Containers(pod).Single()["args"]).Select(arg => (string)arg!).ToArray();

        Assert.True(ReportCommandLine.IsAskedFor(args));
        Assert.Empty(ReportCommandLine.Parse(args, null).Errors);
    }

    [Fact]
    public async Task Executors_keep_to_the_rules_that_their_driver_keeps_to()
    {
        var cluster = await RenderAsync("spark");
        var driver = cluster.One("Job", "wrong-inferences")["spec"]!["template"]!;
        var executor = YamlDocuments.Read((string)cluster.OfKind("ConfigMap")
            .Single(c => Cluster.Name(c).StartsWith("wrong-inferences-executor", StringComparison.Ordinal))["data"]!["executor.yaml"]!).Single();

        Assert.True(JsonNode.DeepEquals(driver["metadata"]!["labels"], executor["metadata"]!["labels"]));
        Assert.True(JsonNode.DeepEquals(driver["spec"]!["securityContext"], executor["spec"]!["securityContext"]));
        Assert.True(JsonNode.DeepEquals(Security(driver), Security(executor)));
        Assert.False((bool)executor["spec"]!["automountServiceAccountToken"]!);

        static JsonNode? Security(JsonNode pod) => Cluster.Containers(pod).Single()["securityContext"];
    }

    [Fact]
    public async Task The_operators_application_is_the_job_with_the_versions_that_are_pinned()
    {
        var cluster = await RenderAsync("operator");
        var spec = cluster.One("SparkApplication", "wrong-inferences")["spec"]!;
        var job = (await RenderAsync("spark")).One("Job", "wrong-inferences")["spec"]!["template"]!["spec"]!;
        var container = job["containers"]![0]!;

        Assert.Contains($"SPARK={spec["sparkVersion"]}", await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "spark", "versions.env")));
        Assert.Equal((string?)container["image"], (string?)spec["image"]);
        Assert.Equal(
            [((string)spec["mainApplicationFile"]!).Replace("local://", "", StringComparison.Ordinal),
                .. Cluster.Items(spec["arguments"]).Select(a => (string)a!)],
            Cluster.Items(container["args"]).Select(a => (string)a!).TakeLast(3));
        Assert.True(cluster.Has("ServiceAccount", (string?)spec["driver"]!["serviceAccount"]));
        Assert.True(cluster.Has("PersistentVolumeClaim", (string?)spec["volumes"]![0]!["persistentVolumeClaim"]!["claimName"]));
        AssertVariables(cluster, "SparkApplication", spec["driver"]!);
        foreach (var role in (string[])["driver", "executor"])
        {
            Assert.True(JsonNode.DeepEquals(job["securityContext"], spec[role]!["podSecurityContext"]), role);
            Assert.True(JsonNode.DeepEquals(container["securityContext"], spec[role]!["securityContext"]), role);
            Assert.Equal("wrong-inferences", (string?)spec[role]!["labels"]!["app.kubernetes.io/name"]);
        }
    }

    [Fact]
    public async Task The_stream_is_a_program_in_the_jobs_image_with_the_services_broker_and_the_jobs_store()
    {
        var cluster = await RenderAsync("spark");
        var stream = Cluster.Containers(cluster.One("StatefulSet", "wrong-inferences-stream")["spec"]!["template"]!).Single();
        var job = Cluster.Containers(cluster.One("Job", "wrong-inferences")["spec"]!["template"]!).Single();
        var services = cluster.OfKind("ConfigMap").Single(c => Cluster.Name(c).StartsWith("db-consumer-config", StringComparison.Ordinal))["data"]!;

        Assert.Equal((string?)job["image"], (string?)stream["image"]);
        Assert.Equal((string?)services["ConnectionStrings__kafka"], Variable(stream, "ConnectionStrings__kafka"));
        Assert.Equal(Variable(job, "ConnectionStrings__image_database"), Variable(stream, "ConnectionStrings__image_database"));
        var args = Cluster.Items(stream["args"]).Select(arg => (string)arg!).ToList();
        var program = args.FindIndex(arg => arg.EndsWith(".py", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Repository.Root, "spark", Path.GetFileName(args[program]))));
        // On the volume, or a restart would count everything again.
        Assert.Equal("--checkpoint", args[program + 1]);
        Assert.Contains(Cluster.Items(stream["volumeMounts"]), mount => (string?)mount["name"] == "checkpoint"
            && args[program + 2].StartsWith($"{mount["mountPath"]}/", StringComparison.Ordinal));

        static string? Variable(JsonNode container, string name) =>
            (string?)Cluster.Items(container["env"]).Single(v => (string?)v["name"] == name)["value"];
    }

    [Fact]
    public async Task Every_service_sends_its_telemetry_to_the_collector_whose_file_the_experiment_reads()
    {
        var cluster = await RenderAsync("dev");

        foreach (var service in (string[])["producer", "inference", "db-consumer", "analytics"])
        {
            var data = cluster.OfKind("ConfigMap").Single(c => Cluster.Name(c).StartsWith($"{service}-config", StringComparison.Ordinal))["data"]!;
            Assert.Equal(("http://collector:4318", service), ((string?)data["OTEL_EXPORTER_OTLP_ENDPOINT"], (string?)data["OTEL_SERVICE_NAME"]));
        }
        var config = YamlDocuments.Read((string)cluster.OfKind("ConfigMap")
            .Single(c => Cluster.Name(c).StartsWith("collector-config", StringComparison.Ordinal))["data"]!["config.yaml"]!).Single();
        var folder = Path.GetDirectoryName((string)config["exporters"]!["file"]!["path"]!);
        Assert.Contains(Cluster.Items(Cluster.Containers(cluster.One("StatefulSet", "collector")["spec"]!["template"]!).Single()["volumeMounts"]),
            m => (string?)m["mountPath"] == folder);
    }

    private static void AssertVariables(Cluster cluster, string name, JsonNode container)
    {
        var known = new HashSet<string>();
        foreach (var variable in Cluster.Items(container["env"]))
        {
            if (variable["valueFrom"]?["secretKeyRef"] is { } secret)
            {
                Assert.True(cluster.Has("Secret", (string?)secret["name"])
                    && cluster.One("Secret", (string)secret["name"]!)["data"]![(string)secret["key"]!] is not null, $"{name}: {secret}");
            }
            else
            {
                Assert.All(MentionedIn(variable["value"]?.ToString() ?? ""), mentioned => Assert.Contains(mentioned, known));
            }

            known.Add((string)variable["name"]!);
        }
    }

    private static IEnumerable<string> MentionedIn(string text) =>
        System.Text.RegularExpressions.Regex.Matches(text, @"\$\((\w+)\)").Select(match => match.Groups[1].Value);

    private static IEnumerable<(JsonNode Peer, long Port)> Peers(JsonNode policy, string direction, string side) =>
        from rule in Cluster.Items(policy["spec"]![direction])
        from peer in Cluster.Items(rule[side])
        where peer["podSelector"] is not null
        from port in Cluster.Items(rule["ports"])
        select (peer["podSelector"]!["matchLabels"]!, (long)port["port"]!);

    private static List<string> PortNames(JsonNode pod) =>
        [.. Cluster.Containers(pod).SelectMany(c => Cluster.Items(c["ports"])).Select(p => (string)p["name"]!)];

    private static bool IsLasting((string Name, JsonNode Owner, JsonNode Pod) pod) => !pod.Name.Contains("Job/", StringComparison.Ordinal);

    private static string Text(JsonNode base64) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)base64!));

    private static IEnumerable<string?> Names(string folder) =>
        Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>Renders an overlay as a user would, with a parameters.env of its own.</summary>
    /// <param name="publishedBase">Stands in for the reviewed base.</param>
    private static async Task<Cluster> RenderAsync(string overlay, string? publishedBase = null)
    {
        var kubectl = Installed.Program("kubectl", "https://kubernetes.io/docs/tasks/tools/");
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(K8s, "*", SearchOption.AllDirectories))
        {
            var target = copy.File(Path.GetRelativePath(K8s, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        foreach (var file in publishedBase is null ? [] : Directory.EnumerateFiles(publishedBase))
        {
            File.Copy(file, copy.File($"base/{Path.GetFileName(file)}"), overwrite: true);
        }
        foreach (var kept in (string[])["dev", "prod"])
        {
            await File.WriteAllTextAsync(copy.File($"overlays/{kept}/parameters.env"), $"mongodb-password={Password}\n");
        }

        Directory.CreateDirectory(copy.File("overlays/finite"));
        await File.WriteAllTextAsync(copy.File("overlays/finite/kustomization.yaml"), """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [../dev]
            components: [../../components/finite-producer]
            images: [{ name: producer, newTag: dev }]
            namespace: pipeline-dev
            """);
        foreach (
            var (name, components) in ((string, string)[])[("spark", "../../spark/job, ../../spark/stream"), ("operator", "../../spark/operator")])
        {
            Directory.CreateDirectory(copy.File($"overlays/{name}"));
            await File.WriteAllTextAsync(copy.File($"overlays/{name}/kustomization.yaml"), $"""
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [../dev]
                components: [{components}]
                namespace: pipeline-dev
                """);
        }
        var rendered = await ClientProgram.RunAsync(kubectl, ["kustomize", copy.File($"overlays/{overlay}")]);
        return Cluster.Read(rendered.Succeeded());
    }
}
