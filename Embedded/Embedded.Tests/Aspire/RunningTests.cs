using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Embedded.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Embedded.Tests.AspireHost;

/// <summary>Applications of real processes.</summary>
public sealed class RunningTests
{
    [Fact]
    public async Task A_service_runs_with_its_variables_and_arguments_and_without_the_hosts_own()
    {
        var builder = Applications.New();
        builder.AddService("service").WithEnvironment("GREETING", "hello, wörld").WithEnvironment("With-Hyphen", "kept").WithArgs("--a", "b c")
            .WithHttpHealthCheck("/health");
        await using var app = await StartAsync(builder, "service");

        var variables = JsonSerializer.Deserialize<Dictionary<string, string>>(await app.AskAsync("service", "/environment"))!;
        var args = JsonSerializer.Deserialize<string[]>(await app.AskAsync("service", "/args"))!;

        Assert.Equal("hello, wörld", variables["GREETING"]);
        Assert.Equal("kept", variables["With-Hyphen"]);             // shells drop such names; connection strings have them
        Assert.DoesNotContain("DOTNET_LAUNCH_PROFILE", variables.Keys);
        Assert.Equal(["--a", "b c"], args);
    }

    [Fact]
    public async Task A_resource_starts_when_what_it_waits_for_is_healthy_and_not_before()
    {
        var builder = Applications.New();
        var first = builder.AddService("first").WithEnvironment("START_UNHEALTHY", "yes").WithHttpHealthCheck("/health");
        builder.AddService("second").WaitFor(first);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("first", e => e.Snapshot.HealthStatus == HealthStatus.Unhealthy, Applications.Deadline());
        await app.ResourceNotifications.WaitForResourceAsync("second", KnownResourceStates.Waiting, Applications.Deadline());
        await Eventually.TrueAsync(() => Answers(app, "first"), Applications.Limit);
        await app.TellAsync("first", "/healthy");

        var second = await app.ResourceNotifications.WaitForResourceHealthyAsync("second", Applications.Deadline());
        var healthy = await app.ResourceNotifications.WaitForResourceHealthyAsync("first", Applications.Deadline());
        Assert.True(second.Snapshot.StartTimeStamp > healthy.Snapshot.StartTimeStamp);
    }

    [Fact]
    public async Task Replicas_share_one_endpoint()
    {
        var builder = Applications.New();
        builder.AddService("service").WithHttpHealthCheck("/health").WithReplicas(2);
        await using var app = await StartAsync(builder, "service");

        var pids = new HashSet<string>();
        for (var i = 0; i < 4; i++) pids.Add(await app.AskAsync("service", "/pid"));

        Assert.Equal(2, pids.Count);
    }

    [Fact]
    public async Task A_project_has_exactly_the_variables_of_its_kind_and_its_replicas_differ_in_two()
    {
        var builder = Applications.New();
        builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = "http://localhost:4318";
        builder.Configuration["AppHost:OtlpApiKey"] = "0123";
        var kafka = builder.AddKafka("kafka").WithExplicitStart();
        builder.AddProject<Projects.Embedded_Tests_Service>("service").WithReference(kafka).WithReplicas(2).WithHttpHealthCheck("/health");
        await using var app = await StartAsync(builder, "service");

        var replicas = new Dictionary<string, Dictionary<string, string>>();
        for (var i = 0; i < 4; i++)
        {
            var variables = JsonSerializer.Deserialize<Dictionary<string, string>>(await app.AskAsync("service", "/environment"))!;
            replicas[variables["OTEL_RESOURCE_ATTRIBUTES"]] = variables;
        }

        var inherited = Environment.GetEnvironmentVariables().Keys.Cast<string>().ToHashSet();
        Assert.Equal(2, replicas.Count);
        Assert.All(replicas.Values, v => Assert.Equal(GivenToAProject.Except(inherited), v.Keys.Except(inherited).Order(StringComparer.Ordinal)));
        Assert.All(replicas.Keys, attributes => Assert.Matches("^service.instance.id=[a-z]{8}$", attributes));
        var (one, two) = (replicas.Values.First(), replicas.Values.Last());
        Assert.Equal(["ASPNETCORE_URLS", "OTEL_RESOURCE_ATTRIBUTES"], one.Keys.Where(k => one[k] != two[k]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_resource_that_waits_can_be_started_all_the_same()
    {
        var builder = Applications.New();
        var tool = builder.AddExecutable("tool", "sleep", ".", "1000").WithExplicitStart();
        builder.AddExecutable("waiter", "sleep", ".", "1000").WaitFor(tool);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("waiter", KnownResourceStates.Waiting, Applications.Deadline());

        await app.ResourceCommands.ExecuteCommandAsync("waiter", KnownResourceCommands.StartCommand, Applications.Deadline());

        await app.ResourceNotifications.WaitForResourceAsync("waiter", KnownResourceStates.Running, Applications.Deadline());
        Assert.Equal(KnownResourceStates.NotStarted, Current(app, "tool").Snapshot.State?.Text);
    }

    [Fact]
    public async Task Each_replica_has_a_log_of_its_own_and_the_resource_one_of_all()
    {
        var builder = Applications.New();
        builder.AddService("service").WithHttpHealthCheck("/health").WithReplicas(2);
        await using var app = await StartAsync(builder, "service");
        var ids = app.ResourceNotifications.Current().Where(e => e.Resource.Name == "service").Select(e => e.ResourceId).ToList();
        await Eventually.TrueAsync(() => Logs(app).Tail("service", 10).Count(l => l.StartsWith("pid ", StringComparison.Ordinal)) == 2, Applications.Limit);

        var own = ids.Select(id => Assert.Single(Logs(app).Tail(id, 10), l => l.StartsWith("pid ", StringComparison.Ordinal))).ToList();

        Assert.Equal(2, own.Distinct().Count());
        Assert.Equal(own.Order(), Logs(app).Tail("service", 10).Where(l => l.StartsWith("pid ", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_crashed_service_is_started_again_on_its_port()
    {
        var builder = Applications.New();
        builder.AddService("service").WithHttpHealthCheck("/health");
        await using var app = await StartAsync(builder, "service");
        var (endpoint, pid) = (app.GetEndpoint("service", "http"), await app.AskAsync("service", "/pid"));

        await app.TellAsync("service", "/exit/3");
        var crashed = await app.ResourceNotifications.WaitForResourceAsync("service", e => e.Snapshot.ExitCode == 3, Applications.Deadline());
        await app.ResourceNotifications.WaitForResourceAsync(
            "service", e => e.Snapshot is { HealthStatus: HealthStatus.Healthy, Restarts: 1 }, Applications.Deadline());

        Assert.Equal("Restarting", crashed.Snapshot.State?.Text);
        Assert.Equal(endpoint, app.GetEndpoint("service", "http"));
        Assert.NotEqual(pid, await app.AskAsync("service", "/pid"));
    }

    [Fact]
    public async Task A_program_that_somebody_waits_for_to_end_may_end_as_it_should()
    {
        var builder = Applications.New();
        var job = builder.AddExecutable("job", "sh", ".", "-c", "exit 7");
        builder.AddExecutable("after", "sleep", ".", "1000").WaitForCompletion(job, exitCode: 7);
        builder.AddExecutable("never", "sleep", ".", "1000").WaitForCompletion(job);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("after", KnownResourceStates.Running, Applications.Deadline());
        await app.ResourceNotifications.WaitForResourceAsync("never", KnownResourceStates.FailedToStart, Applications.Deadline());
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_with_those_who_wait_for_it()
    {
        var builder = Applications.New();
        var missing = builder.AddExecutable("missing", "no-such-program", ".");
        builder.AddExecutable("waiter", "sleep", ".", "1000").WaitFor(missing, WaitBehavior.StopOnResourceUnavailable);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("missing", KnownResourceStates.FailedToStart, Applications.Deadline());
        await app.ResourceNotifications.WaitForResourceAsync("waiter", KnownResourceStates.FailedToStart, Applications.Deadline());
    }

    [Fact]
    public async Task A_resource_with_explicit_start_waits_for_the_command()
    {
        var builder = Applications.New();
        builder.AddExecutable("tool", "sleep", ".", "1000").WithExplicitStart();
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("tool", KnownResourceStates.NotStarted, Applications.Deadline());

        var result = await app.ResourceCommands.ExecuteCommandAsync("tool", KnownResourceCommands.StartCommand, Applications.Deadline());

        Assert.True(result.Success, result.ErrorMessage);
        await app.ResourceNotifications.WaitForResourceAsync("tool", KnownResourceStates.Running, Applications.Deadline());
    }

    [Fact]
    public async Task Stop_start_and_restart_work_on_a_running_application()
    {
        var builder = Applications.New();
        builder.AddService("service").WithHttpHealthCheck("/health");
        await using var app = await StartAsync(builder, "service");
        var first = await app.AskAsync("service", "/pid");

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StopCommand, Applications.Deadline())).Success);
        await app.ResourceNotifications.WaitForResourceAsync("service", KnownResourceStates.Finished, Applications.Deadline());
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StartCommand, Applications.Deadline())).Success);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("service", Applications.Deadline());
        var second = await app.AskAsync("service", "/pid");
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.RestartCommand, Applications.Deadline())).Success);
        await app.ResourceNotifications.WaitForResourceAsync("service", e => e.Snapshot.HealthStatus == HealthStatus.Healthy, Applications.Deadline());

        Assert.Equal(3, new HashSet<string> { first, second, await app.AskAsync("service", "/pid") }.Count);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("service", "paint", Applications.Deadline())).Success);
    }

    [Fact]
    public async Task Those_who_wait_are_stopped_before_what_they_wait_for()
    {
        var builder = Applications.New();
        var server = builder.AddExecutable("server", "sleep", ".", "1000");
        var middle = builder.AddExecutable("middle", "sleep", ".", "1000").WaitFor(server);
        builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(middle);
        await using var app = await StartAsync(builder, "client");

        await app.StopAsync();

        var stopped = new[] { "client", "middle", "server" }.Select(name => Current(app, name).Snapshot.StopTimeStamp).ToList();
        Assert.Equal(stopped.Order(), stopped);
        Assert.All(["client", "middle", "server"], name => Assert.Equal(KnownResourceStates.Finished, Current(app, name).Snapshot.State?.Text));
    }

    [Fact, Trait("Speed", "slow")]
    public async Task What_ignores_the_signal_is_killed_with_its_children()
    {
        var builder = Applications.New();
        builder.AddExecutable("stubborn", "sh", ".", "-c", "trap '' TERM; echo up; sleep 1000 & wait; sleep 1000");
        await using var app = await StartAsync(builder, "stubborn");
        await foreach (var lines in Logs(app).WatchAsync("stubborn"))
        {
            if (lines.Any(l => l.Content.EndsWith("up", StringComparison.Ordinal))) break;
        }
        var pid = Pid(app, "stubborn");

        await app.DisposeAsync();

        await Eventually.TrueAsync(() => ProcessTree.GroupOf(pid).Count == 0);
    }

    [Fact]
    public async Task Logs_are_kept_per_resource_and_long_lines_are_cut()
    {
        var builder = Applications.New();
        builder.AddExecutable("talker", "sh", ".", "-c", "echo out; echo err >&2; head -c 100000 /dev/zero | tr '\\0' x; sleep 1000");
        await using var app = await StartAsync(builder, "talker");

        var seen = new List<LogLine>();
        await foreach (var lines in Logs(app).WatchAsync("talker"))
        {
            seen.AddRange(lines);
            if (seen.Sum(l => l.Content.Length) > 90_000) break;
        }

        Assert.Contains(seen, l => l.Content.EndsWith(" out", StringComparison.Ordinal) && !l.IsErrorMessage);
        Assert.Contains(seen, l => l.Content.EndsWith(" err", StringComparison.Ordinal) && l.IsErrorMessage);
        Assert.All(seen, l => Assert.True(l.Content.Length < 20_000));
    }

    [Fact]
    public async Task A_connection_string_of_other_resources_is_there_when_they_have_started()
    {
        var builder = Applications.New();
        var service = builder.AddService("service");
        builder.AddConnectionString("composed", ReferenceExpression.Create($"url={service.GetEndpoint("http")}"));
        await using var app = await StartAsync(builder, "composed");

        Assert.Equal($"url={app.GetEndpoint("service").ToString().TrimEnd('/')}", await app.GetConnectionStringAsync("composed"));
    }

    private static readonly string[] GivenToAProject =
    [
        "ASPNETCORE_ENVIRONMENT", "ASPNETCORE_URLS", "ConnectionStrings__kafka", "DOTNET_LAUNCH_PROFILE",
        "DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "FROM_PROFILE", "KAFKA_HOST", "KAFKA_PORT", "LOGGING__CONSOLE__FORMATTERNAME",
        "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION",
        "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "OTEL_METRICS_EXEMPLAR_FILTER", "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME", "OTEL_TRACES_SAMPLER",
    ];

    private static async Task<DistributedApplication> StartAsync(IDistributedApplicationTestingBuilder builder, string healthy)
    {
        var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync(healthy, Applications.Deadline());
        return app;
    }

    private static ResourceLoggerService Logs(DistributedApplication app) =>
        (ResourceLoggerService)app.Services.GetService(typeof(ResourceLoggerService))!;

    private static ResourceEvent Current(DistributedApplication app, string name) =>
        app.ResourceNotifications.Current().Single(e => e.Resource.Name == name);

    private static int Pid(DistributedApplication app, string name) =>
        (int)Current(app, name).Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;

    private static bool Answers(DistributedApplication app, string name) =>
        app.ResourceNotifications.Current().Any(e => e.Resource.Name == name && e.Snapshot.HealthReports.Any(r => r.Description?.Contains("503", StringComparison.Ordinal) == true));
}
