using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>What an AppHost takes from a project's own files.</summary>
public sealed class ProjectSettingsTests : IDisposable
{
    private const string Profile = """
        { "profiles": { "web": { "commandName": "Project", "applicationUrl": "http://localhost:5001", "launchUrl": "swagger?dark=1",
                                 "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Staging" } } } }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Endpoints_in_a_projects_settings_take_the_place_of_its_launch_profiles()
    {
        Write("Properties/launchSettings.json", Profile);
        Write("appsettings.json", """{ "Kestrel": { "Endpoints": { "Public": { "Url": "http://*:5101" } } } }""");
        Write("appsettings.Staging.json", """{ "Kestrel": { "Endpoints": { "Admin": { "Url": "https://localhost:5102" } } } }""");
        var builder = Applications.New();
        var project = builder.AddProject("web", _folder.File("web.csproj"));
        await Applications.AllocateAsync(builder);

        var variables = await Applications.EnvironmentOf(project);

        Assert.Equal(["http", "https"], project.Resource.GetEndpoints().Select(e => e.EndpointName).Order());
        Assert.Equal(5101, project.GetEndpoint("http").EndpointAnnotation.Port);
        Assert.Equal($"http://*:{project.GetEndpoint("http").Port}", variables["Kestrel__Endpoints__Public__Url"]);
        Assert.Equal($"https://localhost:{project.GetEndpoint("https").Port}", variables["Kestrel__Endpoints__Admin__Url"]);
        Assert.DoesNotContain("ASPNETCORE_URLS", variables.Keys);
    }

    [Fact]
    public void Two_endpoints_of_one_scheme_keep_their_names()
    {
        Write("appsettings.json", """
            { "Kestrel": { "Endpoints": { "one": { "Url": "http://localhost:5101" }, "two": { "Url": "http://localhost:5102" } } } }
            """);

        var project = Applications.New().AddProject("web", _folder.File("web.csproj"));
        var without = Applications.New().AddProject("web", _folder.File("web.csproj"), options => options.ExcludeKestrelEndpoints = true);

        Assert.Equal(["one", "two"], project.Resource.GetEndpoints().Select(e => e.EndpointName).Order());
        Assert.Empty(without.Resource.GetEndpoints());
    }

    [Fact]
    public void Settings_that_cannot_be_read_are_an_error_that_names_them()
    {
        Write("appsettings.json", "{ no json");

        var error = Assert.Throws<DistributedApplicationException>(() => Applications.New().AddProject("web", _folder.File("web.csproj")));

        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Urls_are_those_of_the_endpoints_and_what_the_AppHost_makes_of_them()
    {
        var builder = Applications.New();
        builder.AddService("service")
            .WithHttpEndpoint(name: "admin")
            .WithUrl("https://example.org/manual", "Manual")
            .WithUrlForEndpoint("admin", url => { url.DisplayText = "Administration"; url.DisplayOrder = 10; })
            .WithUrlForEndpoint("admin", endpoint => new ResourceUrlAnnotation { Url = "/status", DisplayLocation = UrlDisplayLocation.DetailsOnly })
            .WithUrls(context => context.Urls.Add(new ResourceUrlAnnotation { Url = $"{context.GetEndpoint("http")!.Url}/all" }));
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        var urls = app.ResourceNotifications.Current().Single(e => e.Resource.Name == "service").Snapshot.Urls;
        var (http, admin) = (app.GetEndpoint("service", "http"), app.GetEndpoint("service", "admin"));
        Assert.Equal(["Administration", "", "Manual", "", ""], urls.Select(u => u.DisplayProperties.DisplayName));
        Assert.Equal(
            [$"{admin}".TrimEnd('/'), $"{http}".TrimEnd('/'), "https://example.org/manual", $"{admin}status", $"{http}all"], urls.Select(u => u.Url));
        Assert.True(urls.Single(u => u.Url.EndsWith("status", StringComparison.Ordinal)).IsInternal);
    }

    [Fact]
    public async Task The_path_that_a_launch_profile_opens_is_part_of_the_url()
    {
        Write("Properties/launchSettings.json", Profile);
        var builder = Applications.New();
        builder.AddProject("web", _folder.File("web.csproj")).WithHttpEndpoint(name: "admin");
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        var urls = app.ResourceNotifications.Current().Single(e => e.Resource.Name == "web").Snapshot.Urls;
        Assert.Equal($"{app.GetEndpoint("web", "http")}swagger?dark=1", urls.Single(u => u.Name == "http").Url);
        Assert.Equal($"{app.GetEndpoint("web", "admin")}".TrimEnd('/'), urls.Single(u => u.Name == "admin").Url);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }
}
