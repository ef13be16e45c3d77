using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;

namespace Embedded.Tests.AspireHost;

/// <summary>What an AppHost may say, and what is refused.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a--b")]
    [InlineData("a_b")]
    [InlineData("ä")]
    public void Names_that_cannot_be_host_names_are_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => Applications.New().AddParameter(name, "x"));

    [Fact]
    public void A_name_can_be_used_once_whatever_its_case()
    {
        var builder = Applications.New();
        builder.AddKafka("kafka");

        Assert.Throws<DistributedApplicationException>(() => builder.AddMongoDB("KAFKA"));
    }

    [Theory]
    [InlineData("image-database", "image_database")]
    [InlineData("7up", "_7up")]
    [InlineData("a.b", "a_b")]
    public void Names_of_variables_hold_letters_digits_and_underscores(string name, string variable) =>
        Assert.Equal(variable, VariableName.Encode(name));

    [Fact]
    public void The_build_names_a_class_after_each_project()
    {
        Assert.EndsWith("Embedded.Tests.Service.csproj", new Projects.Embedded_Tests_Service().ProjectPath, StringComparison.Ordinal);
        Assert.EndsWith("Embedded.Tests.AppHost", Projects.Embedded_Tests_AppHost.ProjectPath, StringComparison.Ordinal);
        Assert.True(((IProjectMetadata)new Projects.Embedded_Tests_Service()).SuppressBuild);
    }

    [Fact]
    public void The_build_says_where_the_programs_are()
    {
        var metadata = AppHostMetadata.Of(typeof(Projects.Embedded_Tests_AppHost).Assembly);

        Assert.True(File.Exists(metadata.TargetPath(new Projects.Embedded_Tests_Service().ProjectPath)));
        Assert.True(File.Exists(metadata.PathOf(AppHostMetadata.KafkaPathKey)));
        Assert.True(File.Exists(metadata.PathOf(AppHostMetadata.MongoDBPathKey)));
    }

    [Fact]
    public void Two_endpoints_cannot_have_one_name()
    {
        var service = Applications.New().AddService("service");

        Assert.Throws<DistributedApplicationException>(() => service.WithHttpEndpoint());
    }

    [Fact]
    public void External_marks_the_endpoints_that_exist_when_it_is_said()
    {
        var service = Applications.New().AddService("service").WithExternalHttpEndpoints().WithHttpsEndpoint();

        Assert.True(service.GetEndpoint("http").EndpointAnnotation.IsExternal);
        Assert.False(service.GetEndpoint("https").EndpointAnnotation.IsExternal);
    }

    [Fact]
    public void Nobody_waits_for_oneself_or_ones_parent()
    {
        var builder = Applications.New();
        var service = builder.AddService("service");

        Assert.Throws<DistributedApplicationException>(() => service.WaitFor(service));
    }

    [Fact]
    public void Waiting_for_a_database_waits_for_its_server()
    {
        var builder = Applications.New();
        var mongo = builder.AddMongoDB("mongodb");
        var service = builder.AddService("service").WaitFor(mongo.AddDatabase("db"));

        var awaited = service.Resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name);

        Assert.Equal(["db", "mongodb"], awaited.Order());
    }

    [Fact]
    public void A_secret_cannot_be_a_published_default() =>
        Assert.Throws<ArgumentException>(() => Applications.New().AddParameter("p", "x", publishValueAsDefault: true, secret: true));

    [Fact]
    public async Task A_parameter_is_found_with_an_underscore_for_the_hyphen_too()
    {
        var parameter = Applications.New("--Parameters:operator_key", "k").AddParameter("operator-key", secret: true);

        Assert.Equal("k", await parameter.Resource.GetValueAsync());
    }

    [Fact]
    public async Task A_parameter_without_a_value_stops_the_run_and_says_how_to_set_it()
    {
        var builder = Applications.New();
        builder.AddParameter("operator-key", secret: true);
        await using var app = builder.Build();

        var error = await Assert.ThrowsAsync<MissingParameterValueException>(() => app.StartAsync());

        Assert.Contains("--Parameters:operator-key VALUE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generated_value_has_what_was_asked_of_it()
    {
        var value = new GenerateParameterDefault { MinLength = 30, Special = false, MinNumeric = 5, MinUpper = 3 }.GetDefaultValue();

        Assert.Equal(30, value.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.True(value.Count(char.IsAsciiDigit) >= 5 && value.Count(char.IsAsciiLetterUpper) >= 3);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_its_resource()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var builder = Applications.New("--DcpPublisher:RandomizePorts", "false");
        builder.AddKafka("broker", port);
        await using var app = builder.Build();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync());

        Assert.StartsWith($"broker: port {port} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_ports_leave_the_port_that_a_process_insists_on()
    {
        var builder = Applications.New();
        var own = PortAllocator.Next();
        var forwarded = builder.AddExecutable("forwarded", "sleep", ".", "1").WithHttpEndpoint(targetPort: own);
        var direct = builder.AddExecutable("direct", "sleep", ".", "1").WithHttpEndpoint(port: own, isProxied: false);

        await Applications.AllocateAsync(builder, randomizePorts: true);

        Assert.Equal([own], forwarded.GetEndpoint("http").EndpointAnnotation.ReplicaPorts);
        Assert.NotEqual(own, forwarded.GetEndpoint("http").Port);
        Assert.Equal(own, direct.GetEndpoint("http").Port);
    }

    [Fact]
    public async Task Replicas_cannot_share_a_fixed_target_port()
    {
        var builder = Applications.New();
        builder.AddService("service").WithEndpoint("http", e => e.TargetPort = 5000).WithReplicas(2);

        await Assert.ThrowsAsync<DistributedApplicationException>(() => Applications.AllocateAsync(builder));
    }

    [Fact]
    public async Task Publishing_is_refused_in_one_line()
    {
        var builder = Applications.New("--publisher", "manifest");
        await using var app = builder.Build();

        Assert.True(builder.ExecutionContext.IsPublishMode);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync());
    }

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("  --x \"a b\" \"\" ", "--x|a b|")]
    [InlineData("", "")]
    public void Arguments_of_a_launch_profile_are_split_outside_quotes(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', CommandLine.Split(text)));
}
