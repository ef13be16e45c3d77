using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Embedded.Aspire.Dashboard;
using Embedded.Aspire.Publishing;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Describes an application; <see cref="DistributedApplication.CreateBuilder()"/> makes one.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly EntryPointHook? _hook;
    private readonly DistributedApplicationEventing _eventing = new();
    private bool _built;

    /// <summary>For a command line.</summary>
    public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args }) { }

    /// <summary>For options.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hook = EntryPointHook.Current;
        var settings = new HostApplicationBuilderSettings();
        _hook?.Constructing(options, settings);

        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : _hook?.AppHostAssembly ?? Assembly.GetEntryAssembly();
        var metadata = AppHostMetadata.Of(AppHostAssembly);
        AppHostDirectory = options.ProjectDirectory ?? metadata.ProjectPath ?? Directory.GetCurrentDirectory();
        var projectName = metadata.ProjectName ?? AppHostAssembly?.GetName().Name ?? "AppHost";
        AppHostPath = Path.Combine(AppHostDirectory, Path.GetFileNameWithoutExtension(projectName));

        _host = CreateHost(settings, options, AppHostDirectory, Path.GetFileNameWithoutExtension(projectName), _hook);
        ExecutionContext = ReadOperation(_host.Configuration);
        Configuration["AppHost:Directory"] = AppHostDirectory;
        Configuration["AppHost:Path"] = AppHostPath;
        Configuration["AppHost:Operation"] = ExecutionContext.Operation.ToString();
        Configuration["AppHost:Sha256"] = Convert.ToHexString(SHA256.HashData(
            Encoding.UTF8.GetBytes(ExecutionContext.IsPublishMode ? projectName : AppHostPath.ToLowerInvariant())));

        AddServices(options);
        _hook?.Constructed(this);
    }

    /// <inheritdoc/>
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <summary>Folder and name of the project that describes the application.</summary>
    public string AppHostPath { get; }

    /// <inheritdoc/>
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc/>
    public IDistributedApplicationEventing Eventing => _eventing;

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new DistributedApplicationResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        _hook?.Building();                              // a test takes over here, before the application exists
        if (_built) throw new InvalidOperationException("Build can only be called once.");
        _built = true;

        var application = new DistributedApplication(_host.Build(), _hook);
        ExecutionContext.ServiceProvider = application.Services;
        _eventing.Log = application.Services.GetRequiredService<ILogger<DistributedApplicationEventing>>();
        _hook?.Built(application);
        return application;
    }

    private static HostApplicationBuilder CreateHost(
        HostApplicationBuilderSettings settings, DistributedApplicationOptions options, string directory, string applicationName, EntryPointHook? hook)
    {
        // People want their own lines on the console, not the host's; appsettings can say otherwise.
        var defaults = new ConfigurationManager();
        defaults.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",       // RunAsync says it in one line
            ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Critical",    // not answering yet is what waiting is for
            [$"Logging:LogLevel:{applicationName}.Resources"] = "Information",
        });
        settings.Args ??= PublishOptions.WithFlagValues(options.Args);
        settings.Configuration ??= defaults;
        settings.ContentRootPath ??= Directory.Exists(directory) ? directory : null;
        settings.ApplicationName ??= applicationName;
        if (hook is not null) settings.EnvironmentName ??= System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development;
        var host = new HostApplicationBuilder(settings);
        // Servers get 5 s and everything else 10 s before they are killed; the host waits for all of it.
        host.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(60));
        return host;
    }

    private static DistributedApplicationExecutionContext ReadOperation(ConfigurationManager configuration)
    {
        var publisher = configuration["Publishing:Publisher"] ?? configuration["publisher"];
        var operation = configuration["AppHost:Operation"] ?? configuration["operation"];
        return operation?.ToLowerInvariant() switch
        {
            "publish" => new(DistributedApplicationOperation.Publish, publisher ?? PublishOptions.ManifestPublisher),
            null or "run" => new(
                publisher is null ? DistributedApplicationOperation.Run : DistributedApplicationOperation.Publish, publisher ?? PublishOptions.ManifestPublisher),
            _ => throw new DistributedApplicationException($"Invalid operation '{operation}'. Valid operations are 'run' and 'publish'."),
        };
    }

    private void AddServices(DistributedApplicationOptions options)
    {
        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton(provider => new ResourceLoggerService(provider.GetRequiredService<ILoggerFactory>()));
        Services.AddSingleton(provider => new ResourceNotificationService(provider));
        Services.AddSingleton(provider => new ResourceCommandService(provider));
        // With a dashboard somebody can start what has failed; without one, waiting for it would never end.
        Services.AddOptions<ResourceNotificationServiceOptions>().Configure(o => o.DefaultWaitBehavior =
            options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        Services.AddHealthChecks();

        Services.AddSingleton(AppHostMetadata.Of(AppHostAssembly));
        Services.AddSingleton(new ConsoleVoice(_hook is null ? Console.Out : TextWriter.Null, _hook is null ? Console.Error : TextWriter.Null));
        Services.AddSingleton(provider => new RunOptions(
            AppHostDirectory, Environment.ApplicationName, Environment.EnvironmentName,
            RandomizePorts: Configuration.GetValue("DcpPublisher:RandomizePorts", false),
            Console: _hook is null,
            ResourceLogging: options.EnableResourceLogging,
            DashboardEnabled: !options.DisableDashboard && Configuration.GetValue("Embedded:Dashboard", true) && ExecutionContext.IsRunMode));
        Services.AddSingleton(_ => PublishOptions.Read(Configuration));
        Services.AddSingleton<Publisher>();
        Services.AddSingleton<ApplicationRunner>();
        Services.AddSingleton<DashboardRunner>();
        Services.AddHostedService(provider => provider.GetRequiredService<ApplicationRunner>());
    }
}
