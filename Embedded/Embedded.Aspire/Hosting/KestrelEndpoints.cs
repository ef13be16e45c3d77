using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Endpoints that a project declares in its own settings (<c>Kestrel:Endpoints:NAME:Url</c>) take the place of its launch profile's.
/// The project is told by the same settings where to listen.
/// </summary>
internal static class KestrelEndpoints
{
    private const long MaxSettingsBytes = 1024 * 1024;

    /// <returns>Whether there are any.</returns>
    public static bool TryAdd(IResourceBuilder<ProjectResource> project, IProjectMetadata metadata, string environmentName)
    {
        var declared = Read(Path.GetDirectoryName(metadata.ProjectPath)!, environmentName);
        // The only one of its scheme is found under the scheme, as a launch profile's would be.
        foreach (var scheme in declared.GroupBy(e => e.Url.Scheme))
        {
            foreach (var (setting, url) in scheme)
                Add(project, scheme.Count() == 1 ? scheme.Key : setting, setting, url);
        }
        if (declared.Count > 0) project.WithEnvironment(Urls);
        return declared.Count > 0;
    }

    private static void Add(IResourceBuilder<ProjectResource> project, string name, string setting, BindingUrl url)
    {
        var isPublished = project.ApplicationBuilder.ExecutionContext.IsPublishMode;
        project.WithAnnotation(new EndpointAnnotation(
            ProtocolType.Tcp, url.Scheme, name: name, port: isPublished ? null : url.Port, targetPort: isPublished ? url.Port : null)
        {
            TargetHost = url.Host,
        });
        project.WithAnnotation(new KestrelSettingAnnotation(name, setting));
    }

    private static void Urls(EnvironmentCallbackContext context)
    {
        if (context.ExecutionContext.IsPublishMode) return;
        var settings = context.Resource.Annotations.OfType<KestrelSettingAnnotation>().ToDictionary(s => s.EndpointName, s => s.Setting);
        foreach (var endpoint in ((IResourceWithEndpoints)context.Resource).GetEndpoints().Where(e => e.IsHttp || e.IsHttps))
        {
            var setting = settings.GetValueOrDefault(endpoint.EndpointName, endpoint.EndpointName);
            context.EnvironmentVariables[$"Kestrel__Endpoints__{setting}__Url"] = ReferenceExpression.Create(
                $"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");
        }
    }

    private static List<(string Setting, BindingUrl Url)> Read(string directory, string environmentName)
    {
        var files = new[] { "appsettings.json", $"appsettings.{environmentName}.json" }
            .Select(name => Path.Combine(directory, name)).Where(path => File.Exists(path) && new FileInfo(path).Length <= MaxSettingsBytes).ToList();
        if (files.Count == 0) return [];
        try
        {
            var builder = new ConfigurationBuilder();
            foreach (var file in files) builder.AddJsonFile(file, optional: true, reloadOnChange: false);
            return
            [
                .. builder.Build().GetSection("Kestrel:Endpoints").GetChildren()
                    .Where(e => !string.IsNullOrEmpty(e["Url"])).Select(e => (e.Key, BindingUrl.Parse(e["Url"]!))),
            ];
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new DistributedApplicationException($"The settings in '{directory}' cannot be read: {(e.InnerException ?? e).Message}", e);
        }
    }

    private sealed record KestrelSettingAnnotation(string EndpointName, string Setting) : IResourceAnnotation;
}
