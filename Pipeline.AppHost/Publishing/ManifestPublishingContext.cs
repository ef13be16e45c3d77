using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Publishing;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Writes resources into a deployment manifest. Callbacks of resources write with <see cref="Writer"/>, inside the resource's object;
/// the methods here write the properties that kinds of resources share, in the order in which Aspire writes them.
/// </summary>
public sealed class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext, string manifestPath, Utf8JsonWriter writer, CancellationToken cancellationToken = default)
{
    private readonly PublishedPorts _ports = new();
    private readonly Dictionary<string, IResource> _mentioned = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ParameterResource> _encoded = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Publish, and as what.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The file that is being written.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>Writes the file.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Cancelled when publishing is.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    internal static string UriEncoded(ParameterResource parameter) => $"{{{UriEncodedName(parameter)}.value}}";

    /// <summary>A path as the manifest writes it: relative to the manifest, with <c>/</c>. A name found on PATH stays as it is.</summary>
    public string? GetManifestRelativePath(string? path)
    {
        if (path is null || !Path.IsPathFullyQualified(path)) return path?.Replace('\\', '/');
        var folder = Path.GetDirectoryName(Path.GetFullPath(ManifestPath))!;
        return Path.GetRelativePath(folder, path).Replace('\\', '/');
    }

    /// <summary>Writes the whole model.</summary>
    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");
        var written = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var resource in model.Resources)
        {
            written.Add(resource.Name);
            await WriteResourceAsync(resource);
        }
        // What was only mentioned, such as a password that is made: each with the encoded form that a URI asks for.
        foreach (var resource in _mentioned.Values.Where(r => !written.Contains(r.Name)).ToList())
        {
            await WriteResourceAsync(resource);
            if (_encoded.Remove(resource.Name, out var parameter)) WriteUriEncoded(parameter);
        }
        foreach (var parameter in _encoded.Values) WriteUriEncoded(parameter);
        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(CancellationToken);
    }

    /// <summary>Writes <c>connectionString</c>, where the resource has one.</summary>
    public void WriteConnectionString(IResource resource)
    {
        if (resource is not IResourceWithConnectionString { ConnectionStringExpression: var expression }) return;
        TryAddDependentResources(expression);
        Writer.WriteString("connectionString", expression.ValueExpression);
    }

    /// <summary>Writes what a container consists of, <c>type</c> included.</summary>
    public async Task WriteContainerAsync(ContainerResource container)
    {
        if (!container.TryGetContainerImageName(out var image))
            throw new DistributedApplicationException($"Could not get container image name for resource '{container.Name}'. Give it one with WithImage.");

        var isBuilt = container.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build);
        Writer.WriteString("type", isBuilt ? "container.v1" : "container.v0");
        WriteConnectionString(container);
        if (isBuilt) WriteBuild(build!);
        else Writer.WriteString("image", image);
        if (container.Entrypoint is { } entrypoint) Writer.WriteString("entrypoint", entrypoint);
        await WriteArgsAsync(container);
        WriteMounts(container, ContainerMountType.BindMount, "bindMounts", "source", GetManifestRelativePath);
        WriteMounts(container, ContainerMountType.Volume, "volumes", "name", name => name);
        await WriteEnvironmentVariablesAsync(container);
        WriteBindings(container);
    }

    /// <summary>Writes <c>env</c>.</summary>
    public async Task WriteEnvironmentVariablesAsync(IResource resource)
    {
        var variables = await PublishedEnvironment.VariablesAsync(resource, ExecutionContext, CancellationToken);
        if (variables.Count == 0) return;
        Writer.WriteStartObject("env");
        foreach (var (name, value) in variables) Writer.WriteString(name, Expression(value));
        Writer.WriteEndObject();
    }

    /// <summary>Writes <c>bindings</c>.</summary>
    public void WriteBindings(IResource resource)
    {
        var endpoints = _ports.Of(resource);
        if (endpoints.Count == 0) return;
        Writer.WriteStartObject("bindings");
        foreach (var (endpoint, port, targetPort) in endpoints)
        {
            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.UriScheme);
            Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            Writer.WriteString("transport", endpoint.Transport);
            if (port is { } p) Writer.WriteNumber("port", p);
            if (targetPort is { } t) Writer.WriteNumber("targetPort", t);
            if (endpoint.IsExternal) Writer.WriteBoolean("external", true);
            Writer.WriteEndObject();
        }
        Writer.WriteEndObject();
    }

    /// <summary>Remembers what a value is made of, so that the manifest says where that comes from.</summary>
    public void TryAddDependentResources(object? value)
    {
        if (value is IResource resource && !_mentioned.TryAdd(resource.Name, resource)) return;
        if (value is ReferenceExpression expression)
        {
            foreach (var (provider, format) in expression.ValueProviders.Zip(expression.StringFormats))
            {
                if (format is "uri" && provider is ParameterResource parameter) _encoded.TryAdd(parameter.Name, parameter);
            }
        }
        if (value is not IValueWithReferences references) return;
        foreach (var reference in references.References) TryAddDependentResources(reference);
    }

    private static string UriEncodedName(ParameterResource parameter) => $"{parameter.Name}-uri-encoded";

    private async Task WriteResourceAsync(IResource resource)
    {
        if (resource.IsExcludedFromPublish()) return;
        Writer.WriteStartObject(resource.Name);
        if (resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var callback))
            await callback.Callback!(this);
        else
            await WriteKindAsync(resource);
        Writer.WriteEndObject();
    }

    private Task WriteKindAsync(IResource resource)
    {
        switch (resource)
        {
            case ContainerResource container: return WriteContainerAsync(container);
            case ProjectResource project: return WriteProjectAsync(project);
            case ExecutableResource executable: return WriteExecutableAsync(executable);
            case ParameterResource parameter: WriteParameter(parameter); break;
            case IResourceWithConnectionString:
                Writer.WriteString("type", "value.v0");
                WriteConnectionString(resource);
                break;
            default: Writer.WriteString("error", "This resource does not support generation in the manifest."); break;
        }
        return Task.CompletedTask;
    }

    private async Task WriteProjectAsync(ProjectResource project)
    {
        Writer.WriteString("type", "project.v0");
        Writer.WriteString("path", GetManifestRelativePath(project.GetProjectMetadata().ProjectPath));
        await WriteArgsAsync(project);
        await WriteEnvironmentVariablesAsync(project);
        WriteBindings(project);
    }

    private async Task WriteExecutableAsync(ExecutableResource executable)
    {
        Writer.WriteString("type", "executable.v0");
        Writer.WriteString("workingDirectory", GetManifestRelativePath(executable.WorkingDirectory));
        Writer.WriteString("command", executable.Command);
        await WriteArgsAsync(executable);
        await WriteEnvironmentVariablesAsync(executable);
        WriteBindings(executable);
    }

    private void WriteParameter(ParameterResource parameter)
    {
        Writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString) Writer.WriteString("connectionString", $"{{{parameter.Name}.value}}");
        Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Writer.WriteStartObject("inputs");
        Writer.WriteStartObject("value");
        Writer.WriteString("type", "string");
        if (parameter.Secret) Writer.WriteBoolean("secret", true);
        if (parameter.Default is { } @default and not ConstantParameterDefault { IsPublished: false })
        {
            Writer.WriteStartObject("default");
            @default.WriteToManifest(this);
            Writer.WriteEndObject();
        }
        Writer.WriteEndObject();
        Writer.WriteEndObject();
    }

    private void WriteUriEncoded(ParameterResource parameter)
    {
        Writer.WriteStartObject(UriEncodedName(parameter));
        Writer.WriteString("type", "annotated.string");
        Writer.WriteString("value", $"{{{parameter.Name}.value}}");
        Writer.WriteString("filter", "uri");
        Writer.WriteEndObject();
    }

    private async Task WriteArgsAsync(IResource resource)
    {
        var args = await PublishedEnvironment.ArgsAsync(resource, ExecutionContext, CancellationToken);
        if (args.Count == 0) return;
        Writer.WriteStartArray("args");
        foreach (var arg in args) Writer.WriteStringValue(Expression(arg));
        Writer.WriteEndArray();
    }

    private void WriteBuild(DockerfileBuildAnnotation build)
    {
        Writer.WriteStartObject("build");
        Writer.WriteString("context", GetManifestRelativePath(build.ContextPath));
        Writer.WriteString("dockerfile", GetManifestRelativePath(build.DockerfilePath));
        if (build.Stage is { } stage) Writer.WriteString("stage", stage);
        if (build.BuildArguments.Count > 0)
        {
            Writer.WriteStartObject("args");
            foreach (var (name, value) in build.BuildArguments) Writer.WriteString(name, Expression(value ?? ""));
            Writer.WriteEndObject();
        }
        Writer.WriteEndObject();
    }

    private void WriteMounts(ContainerResource container, ContainerMountType type, string section, string sourceName, Func<string?, string?> source)
    {
        var mounts = container.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == type).ToList();
        if (mounts.Count == 0) return;
        Writer.WriteStartArray(section);
        foreach (var mount in mounts)
        {
            Writer.WriteStartObject();
            if (mount.Source is not null) Writer.WriteString(sourceName, source(mount.Source));
            Writer.WriteString("target", mount.Target);
            Writer.WriteBoolean("readOnly", mount.IsReadOnly);
            Writer.WriteEndObject();
        }
        Writer.WriteEndArray();
    }

    private string? Expression(object value)
    {
        TryAddDependentResources(value);
        return value is IManifestExpressionProvider provider ? provider.ValueExpression : Convert.ToString(value, CultureInfo.InvariantCulture);
    }
}
