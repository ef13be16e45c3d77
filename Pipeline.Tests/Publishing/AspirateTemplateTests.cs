using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Publishing;

/// <summary>What aspirate 9 writes for a cluster out of our manifest and our templates: where its own would fail, ours have to do better.</summary>
[Collection(PublishedCollection.Name)]
[Trait("Speed", "slow")]
public sealed class AspirateTemplateTests(PublishedPipeline published) : IAsyncLifetime
{
    private const string Password = "NotInTheOpen1";
    private const string RootPassword = "MONGO_INITDB_ROOT_PASSWORD";
    private static readonly Dictionary<string, string> Inputs = new() { ["mongodb-password"] = Password };
    private static readonly string[] Projects = ["producer", "inference", "db-consumer", "analytics"];

    private Cluster _cluster = null!;

    public async ValueTask InitializeAsync() =>
        _cluster = await AspirateOutput.RenderAsync(PublishedPipeline.Resources(published.AspirateManifest), Inputs);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_folder_that_aspirate_json_names_holds_all_seven_templates_and_no_other() => Assert.Equal(
        ["dapr-component", "dashboard", "deployment", "kustomization", "namespace", "service", "statefulset"],
        Directory.EnumerateFiles(AspirateOutput.Templates).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void Servers_with_data_are_StatefulSets_whose_volumes_their_users_can_write_to()
    {
        foreach (var (server, group) in ((string, long)[])[("broker", 1000), ("mongodb", 999)])
        {
            var set = _cluster.One("StatefulSet", server);
            var spec = set["spec"]!["template"]!["spec"]!;
            Assert.Equal((group, group), ((long?)spec["securityContext"]!["fsGroup"], (long?)spec["securityContext"]!["runAsUser"]));
            var mount = Assert.Single(Cluster.Items(Cluster.Containers(set["spec"]!["template"]!).Single()["volumeMounts"]));
            Assert.Equal((string?)mount["name"], Cluster.Name(Assert.Single(Cluster.Items(set["spec"]!["volumeClaimTemplates"]))));
            Assert.NotNull(mount["subPath"]);                    // lost+found is not data
        }
    }

    [Fact]
    public void Projects_are_replaced_one_by_one_without_a_gap() => Assert.All(
        Projects, project => Assert.Equal("RollingUpdate", (string?)_cluster.One("Deployment", project)["spec"]!["strategy"]!["type"]));

    [Fact]
    public void Every_pod_is_probed_has_limits_and_no_service_links_and_runs_without_privileges()
    {
        Assert.Equal(Projects.Length + 3, _cluster.Pods.Count);   // broker, mongodb, aspire-dashboard
        foreach (var (name, _, pod) in _cluster.Pods)
        {
            Assert.False((bool?)pod["spec"]!["enableServiceLinks"] ?? true, name);
            Assert.True((bool?)pod["spec"]!["securityContext"]!["runAsNonRoot"], name);
            foreach (var container in Cluster.Containers(pod))
            {
                Assert.True(container["readinessProbe"] is not null && container["livenessProbe"] is not null, name);
                Assert.True(container["resources"]!["limits"] is JsonObject { Count: 2 }, name);
                Assert.False((bool?)container["securityContext"]!["allowPrivilegeEscalation"] ?? true, name);
                var ports = Cluster.Items(container["ports"]).Select(p => (string?)p["name"]).ToList();
                foreach (
                    var probe in ((string[])["startupProbe", "readinessProbe", "livenessProbe"]).Select(kind => container[kind]).OfType<JsonNode>())
                {
                    Assert.Contains((string?)(probe["httpGet"] ?? probe["tcpSocket"])!["port"], ports);
                }
            }
        }
    }

    [Fact]
    public void Projects_are_asked_as_the_AppHost_says()
    {
        foreach (var project in Projects)
        {
            var written = YamlDocuments.Read(File.ReadAllText(Path.Combine(published.Deploy, "k8s", "base", $"{project}.yaml")))
                .Single(o => (string?)o["kind"] == "Deployment");
            foreach (var probe in (string[])["startupProbe", "readinessProbe", "livenessProbe"])
            {
                var (said, asked) = (Cluster.Containers(written["spec"]!["template"]!).Single()[probe],
                    Cluster.Containers(_cluster.One("Deployment", project)["spec"]!["template"]!).Single()[probe]);
                Assert.True(JsonNode.DeepEquals(said, asked), $"{project}: {said?.ToJsonString()} became {asked?.ToJsonString()}");
            }
        }
    }

    [Fact]
    public void The_password_is_in_secrets_and_nowhere_else()
    {
        Assert.DoesNotContain(
            _cluster.Objects.Where(o => (string?)o["kind"] != "Secret"), o => o.ToJsonString().Contains(Password, StringComparison.Ordinal));
        Assert.Equal(
            $"mongodb://admin:{Password}@mongodb:27017/image_database?authSource=admin",
            Secret("db-consumer-secrets", "ConnectionStrings__image-database"));
    }

    [Fact]
    public void The_store_gets_its_root_password_out_of_its_secret()
    {
        var container = Cluster.Containers(_cluster.One("StatefulSet", "mongodb")["spec"]!["template"]!).Single();

        var given = (string)Cluster.Items(container["env"]).Single(v => (string?)v["name"] == RootPassword)["value"]!;

        Assert.Equal(Password, Secret("mongodb-secrets", given["$(".Length..^1]));
        Assert.Contains("mongodb-secrets", Cluster.Items(container["envFrom"]).Select(from => (string?)from["secretRef"]?["name"]));
    }

    [Fact]
    public void What_pods_take_their_variables_from_exists()
    {
        foreach (var (name, _, pod) in _cluster.Pods)
        {
            foreach (var from in Cluster.Containers(pod).SelectMany(c => Cluster.Items(c["envFrom"])))
            {
                Assert.True(_cluster.Has("ConfigMap", (string?)from["configMapRef"]?["name"])
                    || _cluster.Has("Secret", (string?)from["secretRef"]?["name"]), $"{name}: {from}");
            }
        }
    }

    [Fact]
    public void Every_service_leads_to_ports_of_its_pods_and_the_broker_is_found_where_clients_look()
    {
        foreach (var service in _cluster.OfKind("Service"))
        {
            var (_, _, pod) = Assert.Single(_cluster.Pods, p => Cluster.Selects(service["spec"]!["selector"], p.Pod));
            var known = Cluster.Containers(pod).SelectMany(c => Cluster.Items(c["ports"]))
                .SelectMany(p => (string[])[$"{p["containerPort"]}", $"{p["name"]}"]).ToList();
            Assert.All(Cluster.Items(service["spec"]!["ports"]), port => Assert.Contains($"{port["targetPort"]}", known));
        }

        Assert.Contains(9092, Cluster.Items(_cluster.One("Service", "broker")["spec"]!["ports"]).Select(p => (long)p["port"]!));
        Assert.Equal("broker:9092", Secret("inference-secrets", "ConnectionStrings__kafka"));
    }

    [Fact]
    public async Task Values_reach_the_ConfigMap_as_they_are()
    {
        const string Value = "a=1&b=<2>\"c\" # d: e";
        var resources = PublishedPipeline.Resources(published.AspirateManifest);
        resources["producer"]!["env"]!["Told"] = Value;

        var cluster = await AspirateOutput.RenderAsync(resources, Inputs);

        Assert.Equal(Value, (string?)cluster.One("ConfigMap", "producer-env")["data"]!["Told"]);
    }

    [Fact]
    public async Task A_resource_with_secrets_alone_has_an_object_that_can_be_read()
    {
        var resources = PublishedPipeline.Resources(published.AspirateManifest);
        resources["inference"]!["env"] = new JsonObject { ["ConnectionStrings__kafka"] = "broker:9092" };

        var cluster = await AspirateOutput.RenderAsync(resources, Inputs);

        var from = Assert.Single(Cluster.Items(Cluster.Containers(cluster.One("Deployment", "inference")["spec"]!["template"]!).Single()["envFrom"]));
        Assert.Equal("inference-secrets", (string?)from["secretRef"]!["name"]);
    }

    [Fact]
    public void A_port_that_the_AppHost_names_is_the_services()
    {
        var data = new AspirateData { Name = "broker", Ports = [new("tcp", 9092, 19_092)] };

        var port = Assert.Single(Cluster.Items(YamlDocuments.Read(AspirateOutput.Render("service.hbs", data)).Single()["spec"]!["ports"]));

        Assert.Equal((19_092L, 9092L), ((long)port["port"]!, (long)port["targetPort"]!));
    }

    [Fact]
    public void A_registry_that_wants_a_password_a_command_and_arguments_have_their_place()
    {
        foreach (var template in (string[])["deployment.hbs", "statefulset.hbs"])
        {
            var data = new AspirateData
            {
                Name = "x",
                WithPrivateRegistry = true,
                Entrypoint = "/bin/x",
                Args = ["--a", "b & c"],
                Ports = [new("tcp", 1, 0)],
                Annotations = new() { ["example.org/a"] = "b" },
                Env = new() { ["A"] = "1" },
            };

            var pod = YamlDocuments.Read(AspirateOutput.Render(template, data)).Single()["spec"]!["template"]!;

            Assert.Equal("image-pull-secret", (string?)Assert.Single(Cluster.Items(pod["spec"]!["imagePullSecrets"]))["name"]);
            var container = Cluster.Containers(pod).Single();
            Assert.Equal(["/bin/x", "--a", "b & c"],
                Cluster.Items(container["command"]).Concat(Cluster.Items(container["args"])).Select(text => (string?)text));
            Assert.Equal("b", (string?)pod["metadata"]!["annotations"]!["example.org/a"]);
        }
    }

    [Fact]
    public void A_Dapr_component_has_its_metadata_or_an_empty_list()
    {
        var component = new Dictionary<string, object> { ["name"] = "x", ["type"] = "state.in-memory", ["version"] = "v1" };
        Assert.Empty(Cluster.Items(YamlDocuments.Read(AspirateOutput.Render("dapr-component.hbs", component)).Single()["spec"]!["metadata"]));

        component["hasMetadata"] = true;
        component["metadata"] = new Dictionary<string, string> { ["key"] = "a&b" };
        var metadata = YamlDocuments.Read(AspirateOutput.Render("dapr-component.hbs", component)).Single()["spec"]!["metadata"];
        Assert.Equal("a&b", (string?)Assert.Single(Cluster.Items(metadata))["value"]);
    }

    [Fact]
    public void Images_have_the_tag_of_the_project_for_aspirate_reads_none_from_its_settings()
    {
        var settings = JsonNode.Parse(
            File.ReadAllText(Path.Combine(PublishedPipeline.AppHostFolder, "aspirate.json")))!["ContainerSettings"]!.AsObject();
        Assert.False(settings.ContainsKey("Tags") || settings.ContainsKey("Tag"));

        var tag = XDocument.Load(Path.Combine(Repository.Root, "deploy", "images", "Container.targets")).Descendants("ContainerImageTag")
            .Single().Value;
        var overlay = YamlDocuments.Read(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "k8s", "overlays", "dev", "kustomization.yaml")))
            .Single();
        Assert.All(Cluster.Items(overlay["images"]), image => Assert.Equal(tag, (string?)image["newTag"]));
    }

    [Fact]
    public void The_documented_command_asks_nothing_and_leaves_no_password_behind()
    {
        var commands = File.ReadAllLines(Path.Combine(Repository.Root, "deploy", "README.md"));
        var start = Array.FindIndex(commands, line => line.StartsWith("aspirate generate", StringComparison.Ordinal));
        var generate = string.Concat(commands[start..(Array.FindIndex(commands, start, line => !line.EndsWith('\\')) + 1)]);

        foreach (var needed in (string[])[" -lp aspirate ", " --non-interactive ", " --include-dashboard ", " --image-pull-policy ",
            " --secret-password "])
        {
            Assert.Contains(needed, generate, StringComparison.Ordinal);
        }

        foreach (var harmful in (string[])[" -pa ", "--disable-secrets"])       // either keeps the password in clear
        {
            Assert.DoesNotContain(harmful, generate, StringComparison.Ordinal);
        }

        Assert.Contains("cd Pipeline.AppHost", commands[..start]);              // project paths in the manifest are relative to it
        var ignored = File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore"));
        Assert.All((string[])["aspirate-state.json", "aspirate-output/", "Pipeline.AppHost/manifest.json"], file => Assert.Contains(file, ignored));
    }

    private string Secret(string name, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string)_cluster.One("Secret", name)["data"]![key]!));
}
