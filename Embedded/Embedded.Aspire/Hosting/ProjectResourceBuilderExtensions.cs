using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Choices about a project.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile to use.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Uses no launch profile.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Ignores endpoints in the project's own settings.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the AppHost refers to.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), new());

    /// <summary>Adds a project with a launch profile; null is none at all.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), WithProfile(launchProfileName));

    /// <summary>Adds a project with options.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), Configured(configure));

    /// <summary>Adds a project by its path, relative to the AppHost's folder. It is built when it starts.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        Add(builder, name, AtPath(builder, projectPath), new());

    /// <summary>Adds a project by its path, with a launch profile; null is none at all.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, string? launchProfileName) =>
        Add(builder, name, AtPath(builder, projectPath), WithProfile(launchProfileName));

    /// <summary>Adds a project by its path, with options.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, Action<ProjectResourceOptions> configure) =>
        Add(builder, name, AtPath(builder, projectPath), Configured(configure));

    /// <summary>Runs the project in several processes behind the same endpoints.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Does not tell the project, where it is deployed, that a gateway forwards requests to it.</summary>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new DisableForwardedHeadersAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Chooses the endpoints that the project is told to listen on.</summary>
    public static IResourceBuilder<ProjectResource> WithEndpointsInEnvironment(
        this IResourceBuilder<ProjectResource> builder, Func<EndpointAnnotation, bool> filter) =>
        builder.WithAnnotation(new EndpointEnvironmentFilterAnnotation(filter));

    private static ProjectResourceOptions WithProfile(
        string? name) => new() { ExcludeLaunchProfile = name is null, LaunchProfileName = name };

    private static ProjectResourceOptions Configured(Action<ProjectResourceOptions> configure)
    {
        var options = new ProjectResourceOptions();
        configure(options);
        return options;
    }

    private static ProjectMetadata AtPath(IDistributedApplicationBuilder builder, string path) =>
        new(Path.GetFullPath(path.Replace('\\', Path.DirectorySeparatorChar), builder.AppHostDirectory));

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, ProjectResourceOptions options)
    {
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithEnvironment(context => ProjectEnvironment.Basics(context, builder.Environment)).WithOtlpExporter();

        var preferred = builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE");
        var chosen = options.ExcludeLaunchProfile ? null : LaunchProfiles.Choose(metadata, options.LaunchProfileName, preferred);
        var environmentName = chosen?.Profile.EnvironmentVariables is { } variables
            ? variables.GetValueOrDefault("ASPNETCORE_ENVIRONMENT") ?? variables.GetValueOrDefault("DOTNET_ENVIRONMENT")
            : null;
        var hasOwnEndpoints = !options.ExcludeKestrelEndpoints &&
            KestrelEndpoints.TryAdd(project, metadata, environmentName ?? Environments.Production);
        if (!hasOwnEndpoints) project.WithEnvironment(ProjectEnvironment.Urls);
        if (options.ExcludeLaunchProfile) project.WithAnnotation(new ExcludeLaunchProfileAnnotation());
        if (chosen is not var (profileName, profile)) return project;

        project.WithAnnotation(new LaunchProfileAnnotation(profileName));
        if (!hasOwnEndpoints) AddProfileEndpoints(builder, project, profile);
        if (builder.ExecutionContext.IsPublishMode) return project;

        if (!string.IsNullOrEmpty(profile.LaunchUrl))
        {
            var opened = project.Resource.GetEndpoints().Select(e => e.EndpointName).ToHashSet();      // later ones are not the profile's
            project.WithUrls(context => AddPath(context.Urls.Where(u => opened.Contains(u.Endpoint?.EndpointName ?? "")), profile.LaunchUrl));
        }
        if (CommandLine.Split(profile.CommandLineArgs) is { Length: > 0 } args) project.WithArgs(args);
        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profileName);
            foreach (var (key, value) in profile.EnvironmentVariables)
                context.EnvironmentVariables.TryAdd(key, Environment.ExpandEnvironmentVariables(value));
        });
    }

    // What a browser would open: the profile's path and query, at the address that the endpoint has in this run.
    private static void AddPath(IEnumerable<ResourceUrlAnnotation> urls, string launchUrl)
    {
        var path = Uri.TryCreate(launchUrl, UriKind.Absolute, out var absolute) && !absolute.IsFile
            ? absolute.PathAndQuery
            : "/" + launchUrl.TrimStart('/');
        foreach (var url in urls) url.Url += path;
    }

    // The first URL of a scheme gives the endpoint its name, the next ones are http2, https2 …
    private static void AddProfileEndpoints(
        IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> project, LaunchProfile profile)
    {
        if (string.IsNullOrEmpty(profile.ApplicationUrl)) return;
        if (builder.ExecutionContext.IsPublishMode)
        {
            foreach (var scheme in (string[])["http", "https"])
                project.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, scheme, name: scheme));
            return;
        }

        var counts = new Dictionary<string, int>();
        foreach (var text in profile.ApplicationUrl.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var url = BindingUrl.Parse(text);
            var nth = counts[url.Scheme] = counts.GetValueOrDefault(url.Scheme) + 1;
            project.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, url.Scheme, name: nth == 1 ? url.Scheme : $"{url.Scheme}{nth}", port: url.Port)
            {
                TargetHost = url.Host,
            });
        }
    }
}
