using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names volumes so that two applications do not share one by accident.</summary>
public static class VolumeNameGenerator
{
    /// <summary>Application, part of its path's hash, resource, suffix.</summary>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix) where T : IResource
    {
        var application = builder.ApplicationBuilder;
        var name = string.Concat(application.Environment.ApplicationName.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
        var sha = (application.Configuration["AppHost:Sha256"] ?? "0000000000")[..10].ToLowerInvariant();
        return $"{name}-{sha}-{builder.Resource.Name}-{suffix}";
    }
}
