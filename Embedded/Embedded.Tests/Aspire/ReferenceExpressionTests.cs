using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Embedded.Tests.AspireHost;

public sealed class ReferenceExpressionTests
{
    [Fact]
    public async Task Holes_are_named_in_the_manifest_and_filled_at_run_time()
    {
        var builder = Applications.New();
        var name = builder.AddParameter("name", "a b");

        var expression = ReferenceExpression.Create($"x={name}&y={name:uri}");

        Assert.Equal("x={name.value}&y={name-uri-encoded.value}", expression.ValueExpression);
        Assert.Equal("x=a b&y=a%20b", await expression.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_nested_expression_becomes_part_of_the_outer_one()
    {
        var builder = Applications.New();
        var (one, two) = (builder.AddParameter("one", "1"), builder.AddParameter("two", "2"));
        var inner = ReferenceExpression.Create($"{{{two}}}");

        var outer = ReferenceExpression.Create($"{one}{inner}{one}");

        Assert.Equal("{0}{{{1}}}{2}", outer.Format);
        Assert.Equal("1{2}1", await outer.GetValueAsync(CancellationToken.None));
        Assert.Equal(3, outer.ValueProviders.Count);
    }

    [Fact]
    public async Task Braces_in_the_text_stay_braces()
    {
        var expression = ReferenceExpression.Create($"{{a}}{"{b}"}");

        Assert.Equal("{a}{b}", await expression.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public void A_nested_expression_takes_no_format()
    {
        var inner = ReferenceExpression.Create($"x");

        Assert.Throws<ArgumentException>(() => ReferenceExpression.Create($"{inner:uri}"));
    }

    [Fact]
    public async Task The_empty_expression_has_no_value() => Assert.Null(await ReferenceExpression.Empty.GetValueAsync(CancellationToken.None));

    [Fact]
    public async Task A_builder_gathers_text_and_holes()
    {
        var parameter = Applications.New().AddParameter("name", "v").Resource;
        var builder = new ReferenceExpressionBuilder();

        builder.AppendLiteral("a;");
        builder.Append($"b={parameter};");
        builder.AppendFormatted(parameter);

        Assert.False(builder.IsEmpty);
        Assert.Equal("a;b=v;v", await builder.Build().GetValueAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(EndpointProperty.Url, "{service.bindings.http.url}", "http://localhost:5123")]
    [InlineData(EndpointProperty.Host, "{service.bindings.http.host}", "localhost")]
    [InlineData(EndpointProperty.IPV4Host, "{service.bindings.http.host}", "127.0.0.1")]
    [InlineData(EndpointProperty.Port, "{service.bindings.http.port}", "5123")]
    [InlineData(EndpointProperty.Scheme, "{service.bindings.http.scheme}", "http")]
    [InlineData(EndpointProperty.TargetPort, "{service.bindings.http.targetPort}", "6001")]
    [InlineData(EndpointProperty.HostAndPort, "{service.bindings.http.host}:{service.bindings.http.port}", "localhost:5123")]
    public async Task Parts_of_an_endpoint_have_a_manifest_form_and_a_value(EndpointProperty property, string manifest, string value)
    {
        var endpoint = Applications.New().AddService("service").GetEndpoint("http");
        endpoint.EndpointAnnotation.ReplicaPorts = [6001];
        endpoint.EndpointAnnotation.AllocatedEndpoint = new AllocatedEndpoint(endpoint.EndpointAnnotation, "localhost", 5123);

        Assert.Equal(manifest, endpoint.Property(property).ValueExpression);
        Assert.Equal(value, await endpoint.Property(property).GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_value_of_an_endpoint_waits_for_its_allocation()
    {
        var endpoint = Applications.New().AddService("service").GetEndpoint("http");
        Assert.Throws<InvalidOperationException>(() => endpoint.Url);

        var value = endpoint.GetValueAsync(CancellationToken.None).AsTask();
        Assert.False(value.IsCompleted);
        endpoint.EndpointAnnotation.AllocatedEndpoint = new AllocatedEndpoint(endpoint.EndpointAnnotation, "localhost", 5123);

        Assert.Equal("http://localhost:5123", await value);
    }
}
