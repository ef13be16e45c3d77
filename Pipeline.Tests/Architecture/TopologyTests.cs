using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Embedded.Tests.Support;
using Pipeline.Tests.Publishing;

namespace Pipeline.Tests.Architecture;

/// <summary>
/// What is written by hand under deploy/ agrees with the AppHost: names, ports, variables. The AppHost is read from what it publishes,
/// which tests of its own hold to be true.
/// </summary>
public sealed partial class TopologyTests
{
    private const string ContainerUser = "1654";
    private const string ContainerPort = "8080";

    private static readonly string Deploy = Path.Combine(Repository.Root, "deploy");

    private static readonly JsonObject Compose = Yaml("compose/docker-compose.yaml");

    /// <summary>The AppHost's projects: resource name and project name.</summary>
    private static readonly IReadOnlyDictionary<string, string> Projects =
        JsonNode.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "Pipeline.Tests", "Publishing", "Golden", "manifest.json")))!["resources"]!.AsObject()
            .Where(resource => (string?)resource.Value!["type"] == "project.v0")
            .ToDictionary(resource => resource.Key, resource => Path.GetFileNameWithoutExtension((string)resource.Value!["path"]!));

    private static string Dockerfile => Read("images/Dockerfile");

    [Fact]
    public void Every_project_publishes_an_image_of_its_resources_name()
    {
        foreach (var (resource, project) in Projects)
        {
            var file = XDocument.Load(Path.Combine(Repository.Root, project, project + ".csproj"));
            Assert.Equal(resource, Assert.Single(file.Descendants("ContainerRepository")).Value);
        }
    }

    [Fact]
    public void The_Dockerfile_has_a_target_for_every_project_and_no_other()
    {
        var targets = ServiceStage().Matches(Dockerfile).ToDictionary(stage => stage.Groups["name"].Value);

        Assert.Equal(Projects.Keys.Order(StringComparer.Ordinal), targets.Keys.Order(StringComparer.Ordinal));
        Assert.All(targets, target => Assert.Equal(
            (Projects[target.Key], Projects[target.Key]), (target.Value.Groups["published"].Value, target.Value.Groups["started"].Value)));
    }

    [Fact]
    public void Both_ways_of_making_an_image_make_the_same()
    {
        var published = XDocument.Load(Path.Combine(Deploy, "images", "Container.targets"));
        string Property(string name) => published.Descendants(name).Single().Value;
        var port = published.Descendants("ContainerPort").Single();

        Assert.Contains($"ARG BASE={Property("ContainerBaseImage")}\n", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"\nUSER {Property("ContainerUser")}\n", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"\nWORKDIR {Property("ContainerWorkingDirectory")}\n", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"\nEXPOSE {port.Attribute("Include")!.Value}\n", Dockerfile, StringComparison.Ordinal);
        Assert.All(published.Descendants("ContainerEnvironmentVariable"), variable => Assert.Contains(
            $"\nENV {variable.Attribute("Include")!.Value}={variable.Attribute("Value")!.Value}\n", Dockerfile, StringComparison.Ordinal));
        Assert.Equal((ContainerUser, ContainerPort), (Property("ContainerUser"), port.Attribute("Include")!.Value));
    }

    [Fact]
    public void Services_are_deployed_as_the_user_and_on_the_port_of_their_image()
    {
        foreach (var resource in Projects.Keys)
        {
            Assert.Equal($"{ContainerUser}:{ContainerUser}", (string?)Compose["services"]![resource]!["user"]);
            Assert.Equal(ContainerPort, (string?)Compose["services"]![resource]!["environment"]!["HTTP_PORTS"]);
            Assert.Contains($"runAsUser: {ContainerUser}\n", Read($"k8s/base/{resource}.yaml"), StringComparison.Ordinal);
            Assert.Contains($"containerPort: {ContainerPort}\n", Read($"k8s/base/{resource}.yaml"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Telemetry_is_asked_of_every_service_by_Compose_as_by_the_cluster()
    {
        var services = Yaml("compose/telemetry.yaml")["services"]!.AsObject();
        var collector = Read("k8s/components/collector/collector.yaml");
        var cluster = Read("k8s/components/collector/kustomization.yaml");

        Assert.Equal(
            Projects.Keys.Append("collector").Order(StringComparer.Ordinal), services.Select(service => service.Key).Order(StringComparer.Ordinal));
        Assert.Contains($"image: {services["collector"]!["image"]}\n", collector, StringComparison.Ordinal);
        foreach (var variable in Projects.Keys.SelectMany(resource => services[resource]!["environment"]!.AsObject()))
        {
            Assert.Contains($"- {variable.Key}={variable.Value}\n", cluster, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ansible_fills_in_what_the_Compose_file_leaves_open()
    {
        var open = Variable().Matches(Read("compose/.env.example")).Select(match => match.Groups[1].Value);
        var filled = Variable().Matches(Read("ansible/roles/pipeline/templates/env.j2")).Select(match => match.Groups[1].Value);

        Assert.Equal(open.Append("COMPOSE_FILE").Order(StringComparer.Ordinal), filled.Order(StringComparer.Ordinal));
        var loaded = Read("ansible/roles/pipeline/defaults/main.yml");
        Assert.All(Projects.Keys, resource => Assert.Contains($"pipeline_image_prefix }}}}{resource}:", loaded, StringComparison.Ordinal));
    }

    [Fact]
    public void The_firewall_opens_ssh_and_the_ports_that_Compose_publishes_and_nothing_else()
    {
        var published = Compose["services"]!.AsObject().SelectMany(service => Cluster.Items(service.Value!["ports"]))
            .Select(port => ((string)port!).Split(':')[0]);

        var ports = Yaml("ansible/group_vars/all.yml");
        Assert.Equal([$"{ports["pipeline_page_port"]}", $"{ports["pipeline_camera_port"]}"], published.Order(StringComparer.Ordinal));
        var opened = OpenedPort().Matches(Read("ansible/roles/firewall/templates/nftables.conf.j2")).Select(match => match.Groups[1].Value);
        Assert.Equal(["firewall_ssh_port", "pipeline_page_port", "pipeline_camera_port", "pipeline_page_port", "pipeline_camera_port"], opened);
    }

    [Fact]
    public void No_secret_has_a_value()
    {
        var examples = (string[])["ansible/vault.example.yml", "compose/.env.example", "k8s/overlays/dev/parameters.env.example",
            "k8s/overlays/prod/parameters.env.example"];

        var secrets = examples.SelectMany(file => Secret().Matches(Read(file))).ToList();

        Assert.Equal(examples.Length, secrets.Count);
        Assert.All(secrets, secret => Assert.Equal("", secret.Groups["value"].Value.Trim()));
    }

    [Fact]
    public void Links_in_the_pages_lead_to_files()
    {
        string[] pages = ["deploy/README.md", "deploy/ansible/README.md", "docs/scaling.md"];

        var broken =
            from page in pages
            let path = Path.Combine(Repository.Root, page)
            from link in Link().Matches(File.ReadAllText(path))
            let target = Path.Combine(Path.GetDirectoryName(path)!, link.Groups[1].Value)
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{page}: {link.Groups[1].Value}";

        Assert.Empty(broken);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Deploy, path));

    private static JsonObject Yaml(string path) => YamlDocuments.Read(Read(path)).Single();

    [GeneratedRegex(@"^FROM service AS (?<name>\S+)\nCOPY --from=published /publish/(?<published>\S+) \.\nENTRYPOINT \[""dotnet"", ""/app/(?<started>\S+)\.dll""\]", RegexOptions.Multiline)]
    private static partial Regex ServiceStage();

    [GeneratedRegex(@"^([A-Z_]+)=", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?:tcp dport|proto-dst) \{\{ (\w+)")]
    private static partial Regex OpenedPort();

    [GeneratedRegex(@"^[\w-]*password[ \t]*[:=](?<value>.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)")]
    private static partial Regex Link();
}
