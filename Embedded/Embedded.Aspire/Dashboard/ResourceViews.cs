using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Contracts;
using Embedded.Aspire.Running;

namespace Embedded.Aspire.Dashboard;

/// <summary>Turns what the host knows about a resource into what the dashboard shows.</summary>
internal static class ResourceViews
{
    // A value under such a name is a secret, whoever gave it.
    private static readonly string[] SecretNames = ["PASSWORD", "SECRET", "TOKEN", "KEY", "CONNECTIONSTRINGS", "HEADERS", "_URI"];

    public static ResourceView Of(ResourceEvent e)
    {
        var (resource, s) = (e.Resource, e.Snapshot);
        return new ResourceView
        {
            Id = e.ResourceId,
            Name = resource.Name,
            Type = s.ResourceType,
            What = resource.TryGetLastAnnotation<EmbeddedServerAnnotation>(out var server) ? server.What : null,
            State = s.State?.Text ?? "Unknown",
            StateStyle = s.State?.Style,
            Health = s.HealthStatus?.ToString(),
            HealthReports = [.. s.HealthReports.Select(r => new HealthView(r.Name, r.Status?.ToString(), r.Description, r.ExceptionText))],
            ExitCode = s.ExitCode,
            CreatedAt = s.CreationTimeStamp,
            StartedAt = s.StartTimeStamp,
            StoppedAt = s.StopTimeStamp,
            Restarts = s.Restarts,
            Source = Source(resource),
            Urls = [.. s.Urls.Select(u => new UrlView(u.Name, u.Url, u.DisplayProperties.DisplayName is { Length: > 0 } text ? text : null, u.IsInternal))],
            Environment = [.. s.EnvironmentVariables.Select(v => new VariableView(v.Name, v.Value, IsSecret(v.Name), v.IsFromSpec))],
            Properties = [.. Value(resource), .. s.Properties.Select(p => new PropertyView(p.Name, Text(p.Value), p.IsSensitive))],
            Relationships = [.. s.Relationships.Select(r => new RelationshipView(r.ResourceName, r.Type))],
            Volumes = [.. s.Volumes.Select(v => new VolumeView(v.Source, v.Target, v.MountType, v.IsReadOnly))],
            Parent = (resource as IResourceWithParent)?.Parent.Name ?? s.Relationships.LastOrDefault(r => r.Type == "Parent")?.ResourceName,
            IsHidden = s.IsHidden,
            Commands =
            [
                .. s.Commands.Select(c => new CommandView(
                    c.Name, c.DisplayName, c.DisplayDescription, c.State.ToString(), c.ConfirmationMessage, c.IconName, c.IsHighlighted)),
            ],
        };
    }

    private static string? Source(IResource resource) => resource switch
    {
        ProjectResource project => project.GetProjectMetadata().ProjectPath,
        ExecutableResource executable => executable.Command,
        _ => Image(resource),
    };

    private static string? Image(IResource resource) =>
        !resource.TryGetContainerImageName(out var image) ? null
        : resource.HasAnnotationOfType<EmbeddedServerAnnotation>() ? $"in place of {image}"
        : image;

    // Parameters without a value end a run before it starts, so this one is there already.
    private static IEnumerable<PropertyView> Value(IResource resource) =>
        resource is ParameterResource parameter && parameter.GetValueAsync(CancellationToken.None).AsTask() is { IsCompletedSuccessfully: true } value
            ? [new PropertyView("Value", value.Result, parameter.Secret)]
            : [];

    private static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);

    private static bool IsSecret(string name) => SecretNames.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
