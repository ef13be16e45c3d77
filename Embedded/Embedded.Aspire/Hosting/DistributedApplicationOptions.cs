namespace Aspire.Hosting;

/// <summary>How the application is put together.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; default: the program itself.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost's folder; default: what the build wrote into the assembly.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>What the dashboard calls the application.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>The registry that images come from.</summary>
    public string? ContainerRegistryOverride { get; set; }

    /// <summary>Runs without a dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Writes the resources' logs to the AppHost's own log too.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Allows a dashboard without TLS.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Whether resources trust the development certificate.</summary>
    public bool? TrustDeveloperCertificate { get; set; }

    /// <summary>Whether resources end TLS with the development certificate unless they say otherwise.</summary>
    public bool? DeveloperCertificateDefaultHttpsTerminationEnabled { get; set; }
}
