using System.Globalization;
using Aspire.Hosting.ApplicationModel;

/// <summary>
/// The objects of one workload. With data it is a StatefulSet, without a Deployment; either runs without privileges, is asked how it
/// is, gets only so much, may be moved, and talks only to what it refers to.
/// </summary>
internal sealed class KubernetesObjects(string application, IReadOnlyList<Workload> workloads)
{
    private const string NameLabel = "app.kubernetes.io/name";
    private const string PartOfLabel = "app.kubernetes.io/part-of";
    private const string VolumeSize = "10Gi";
    private const int TerminationGraceSeconds = 60;
    private const int DnsPort = 53;
    private const int StartupPeriodSeconds = 5;
    private const int StartupFailures = 60;
    private const int PeriodSeconds = 10;
    private const int Failures = 6;
    private const int TimeoutSeconds = 5;

    public IEnumerable<YamlMap> Of(Workload workload)
    {
        yield return Kind("v1", "ServiceAccount", workload, ("automountServiceAccountToken", false));
        if (workload.Ports.Count > 0)
        {
            yield return Service(workload);
        }

        yield return workload.Volumes.Count > 0 ? StatefulSet(workload) : Deployment(workload);
        // One at a time may leave a machine that is emptied; a lone one may too, for a machine must not be held up.
        yield return Kind(
            "policy/v1", "PodDisruptionBudget", workload, ("spec", Yaml.Map(("maxUnavailable", 1), ("selector", Selector(workload.Name)))));
        yield return NetworkPolicy(workload);
    }

    private static YamlMap Service(Workload workload) => Kind("v1", "Service", workload, ("spec", Yaml.Map(
        ("selector", Labels(workload.Name)),
        ("ports", workload.Ports.Select(p => Yaml.Map(("name", p.Name), ("port", p.Port), ("targetPort", p.Name))).ToList()))));

    private YamlMap Deployment(Workload workload) => Kind("apps/v1", "Deployment", workload, ("spec", Yaml.Map(
        ("replicas", workload.Replicas),
        ("revisionHistoryLimit", 3),
        ("selector", Selector(workload.Name)),
        ("template", Pod(workload)))));

    private YamlMap StatefulSet(Workload workload) => Kind("apps/v1", "StatefulSet", workload, ("spec", Yaml.Map(
        ("serviceName", workload.Name),
        ("replicas", workload.Replicas),
        ("selector", Selector(workload.Name)),
        ("template", Pod(workload)),
        ("volumeClaimTemplates", workload.Volumes.Select((v, index) => Yaml.Map(
            ("apiVersion", "v1"),
            ("kind", "PersistentVolumeClaim"),
            ("metadata", Yaml.Map(("name", VolumeName(v, index)))),
            ("spec", Yaml.Map(
                ("accessModes", new List<string> { "ReadWriteOnce" }),
                ("resources", Yaml.Map(("requests", Yaml.Map(("storage", VolumeSize))))))))).ToList()))));

    private YamlMap Pod(Workload workload)
    {
        var scratch = workload.Traits.WritablePaths.Select(path => (Name: path.Trim('/').Replace('/', '-'), Path: path)).ToList();
        return Yaml.Map(
            ("metadata", Yaml.Map(("labels", PodLabels(workload.Name)))),
            ("spec", Yaml.Map(
                ("serviceAccountName", workload.Name),
                ("automountServiceAccountToken", false),
                // A Service called kafka would give its pods KAFKA_PORT, which the Kafka image takes for a setting.
                ("enableServiceLinks", false),
                ("terminationGracePeriodSeconds", TerminationGraceSeconds),
                ("securityContext", Yaml.Map(
                    ("runAsNonRoot", true), ("runAsUser", workload.Traits.User), ("runAsGroup", workload.Traits.User),
                    ("fsGroup", workload.Traits.User),
                    ("fsGroupChangePolicy", "OnRootMismatch"), ("seccompProfile", Yaml.Map(("type", "RuntimeDefault"))))),
                ("containers", new List<YamlMap> { Container(workload, scratch) }),
                ("volumes", Yaml.Some(scratch.Select(s => Yaml.Map(("name", s.Name), ("emptyDir", Yaml.Map()))))))));
    }

    private YamlMap Container(Workload workload, IReadOnlyList<(string Name, string Path)> scratch) => Yaml.Map(
        ("name", workload.Name),
        ("image", workload.Image ?? workload.Name),
        ("imagePullPolicy", "IfNotPresent"),
        ("command", workload.Entrypoint is { } entrypoint ? new List<string> { entrypoint } : null),
        ("args", Yaml.Some(workload.Args)),
        ("ports", Yaml.Some(workload.Ports.DistinctBy(p => p.TargetPort).Select(p => Yaml.Map(("name", p.Name), ("containerPort", p.TargetPort))))),
        ("envFrom", KustomizeBase.OpenVariables(workload).Any()
            ? new List<YamlMap> { Yaml.Map(("configMapRef", Yaml.Map(("name", KustomizeBase.ConfigName(workload))))) }
            : null),
        ("env", Yaml.Some(SecretVariables(workload))),
        ("startupProbe", Probe(workload, workload.Probes.Startup, StartupPeriodSeconds, StartupFailures)),
        ("readinessProbe", Probe(workload, workload.Probes.Readiness, PeriodSeconds, Failures)),
        ("livenessProbe", Probe(workload, workload.Probes.Liveness, PeriodSeconds, Failures)),
        ("resources", Yaml.Map(
            ("requests", Yaml.Map(("cpu", "250m"), ("memory", Mebibytes(workload.Traits.MemoryMi / 2)))),
            ("limits", Yaml.Map(("cpu", "2"), ("memory", Mebibytes(workload.Traits.MemoryMi)))))),
        ("securityContext", Yaml.Map(
            ("allowPrivilegeEscalation", false), ("readOnlyRootFilesystem", true),
            ("capabilities", Yaml.Map(("drop", new List<string> { "ALL" }))))),
        ("volumeMounts", Yaml.Some(
            // Not the volume's root: a fresh file system has a folder lost+found there.
            workload.Volumes.Select((v, index) => Yaml.Map(
                ("name", VolumeName(v, index)), ("mountPath", v.Target), ("subPath", "data"), ("readOnly", v.IsReadOnly ? true : null)))
            .Concat(scratch.Select(s => Yaml.Map(("name", s.Name), ("mountPath", s.Path)))))));

    // Parameters first: a variable may mention those that stand before it.
    private IEnumerable<YamlMap> SecretVariables(Workload workload) =>
        workload.Variables.SelectMany(v => v.Parameters).DistinctBy(p => p.Name).Select(p => Yaml.Map(
            ("name", KustomizeBase.ParameterVariable(p)),
            ("valueFrom", Yaml.Map(("secretKeyRef", Yaml.Map(("name", KustomizeBase.ParametersName(application)), ("key", p.Name)))))))
        .Concat(workload.Variables.Where(v => v.Parameters.Count > 0).Select(v => Yaml.Map(("name", v.Name), ("value", v.Text))));

    private static YamlMap? Probe(Workload workload, HttpCheck? check, int periodSeconds, int failures)
    {
        if (check is null && workload.Ports.Count == 0)
        {
            return null;
        }

        return Yaml.Map(
            check is null
                ? ("tcpSocket", Yaml.Map(("port", workload.Ports[0].Name)))
                : ("httpGet", Yaml.Map(("path", check.Path), ("port", check.Endpoint))),
            ("initialDelaySeconds", check?.Timing?.InitialDelaySeconds),
            ("periodSeconds", check?.Timing?.PeriodSeconds ?? periodSeconds),
            ("timeoutSeconds", check?.Timing?.TimeoutSeconds ?? TimeoutSeconds),
            ("failureThreshold", check?.Timing?.FailureThreshold ?? failures),
            ("successThreshold", check?.Timing is { SuccessThreshold: > 1 and var successes } ? successes : null));
    }

    private YamlMap NetworkPolicy(Workload workload)
    {
        var callers = workloads.Where(w => w.Talks.Contains(workload.Name)).ToList();
        var ingress = callers.Count > 0
            ? new List<YamlMap> { Yaml.Map(("from", callers.Select(c => PodsOf(c.Name)).ToList()), ("ports", TcpPorts(workload.Ports))) }
            : [];
        var external = workload.Ports.Where(p => p.IsExternal).ToList();
        if (external.Count > 0)
        {
            ingress.Add(Yaml.Map(("ports", TcpPorts(external))));
        }

        var egress = new List<YamlMap>
        {
            Yaml.Map(
                ("to", new List<YamlMap> { Yaml.Map(("namespaceSelector", Yaml.Map())) }),
                ("ports", ((string[])["UDP", "TCP"]).Select(protocol => Yaml.Map(("protocol", protocol), ("port", DnsPort))).ToList())),
        };
        egress.AddRange(workloads.Where(w => workload.Talks.Contains(w.Name)).Select(w =>
            Yaml.Map(("to", new List<YamlMap> { PodsOf(w.Name) }), ("ports", TcpPorts(w.Ports)))));

        return Kind("networking.k8s.io/v1", "NetworkPolicy", workload, ("spec", Yaml.Map(
            ("podSelector", Selector(workload.Name)), ("policyTypes", new List<string> { "Ingress", "Egress" }), ("ingress", ingress),
            ("egress", egress))));
    }

    private static List<YamlMap> TcpPorts(IEnumerable<WorkloadPort> ports) =>
        [.. ports.DistinctBy(p => p.TargetPort).Select(p => Yaml.Map(("protocol", "TCP"), ("port", p.TargetPort)))];

    private static YamlMap PodsOf(string name) => Yaml.Map(("podSelector", Selector(name)));

    private static YamlMap Selector(string name) => Yaml.Map(("matchLabels", Labels(name)));

    private static YamlMap Labels(string name) => Yaml.Map((NameLabel, name));

    private YamlMap PodLabels(string name) => Yaml.Map((NameLabel, name), (PartOfLabel, application));

    private static YamlMap Kind(string apiVersion, string kind, Workload workload, params IEnumerable<(string, object?)> rest) => Yaml.Map(
        [("apiVersion", apiVersion), ("kind", kind), ("metadata", Yaml.Map(("name", workload.Name), ("labels", Labels(workload.Name)))), .. rest]);

    private static string VolumeName(ContainerMountAnnotation volume, int index) =>
        volume.Source?.Replace('_', '-').Replace('.', '-').ToLowerInvariant() ?? string.Create(CultureInfo.InvariantCulture, $"data-{index}");

    private static string Mebibytes(int count) => string.Create(CultureInfo.InvariantCulture, $"{count}Mi");
}
