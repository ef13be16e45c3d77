using System.Reflection;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Makes applications for tests: ports are random, there is no dashboard, nothing is written to the console, and a test can change
/// the application before it is built.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Describes an application by running an AppHost's entry point up to <c>Build</c>.</summary>
    /// <typeparam name="TEntryPoint">Any type of the AppHost's assembly: the generated <c>Projects.NAME_AppHost</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Describes an application by running an AppHost's entry point, with a command line, up to <c>Build</c>.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Describes an application by running an AppHost's entry point up to <c>Build</c>.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, [], cancellationToken);

    /// <summary>Describes an application by running an AppHost's entry point, with a command line, up to <c>Build</c>.</summary>
    /// <exception cref="InvalidOperationException">The assembly has no entry point, or it ends before <c>Build</c>.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <summary>Describes an application by running an AppHost's entry point up to <c>Build</c>, with other options.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Describes an application by running an AppHost's entry point up to <c>Build</c>, with other options.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        var appHost = entryPoint.Assembly;
        var main = appHost.EntryPoint ?? throw new InvalidOperationException($"Assembly of specified type {entryPoint} does not have an entry point.");
        var hook = new EntryPointHook(appHost, suspends: true, (options, settings) => Configure(options, settings, args, configureBuilder), Configured);
        var thread = new Thread(() => RunEntryPoint(hook, main, args)) { IsBackground = true, Name = appHost.GetName().Name };
        EntryPointHook.Current = hook;                  // flows into the thread
        try { thread.Start(); }
        finally { EntryPointHook.Current = null; }

        return new TestingBuilder(await hook.Builder.WaitAsync(cancellationToken), hook);
    }

    /// <summary>Describes an application from nothing.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => Create(args, (_, _) => { });

    /// <summary>Describes an application from nothing, with other options.</summary>
    public static IDistributedApplicationTestingBuilder Create(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder)
    {
        var hook = new EntryPointHook(appHost: null, suspends: false, (options, settings) => Configure(options, settings, args, configureBuilder), Configured);
        EntryPointHook.Current = hook;
        try { return new TestingBuilder(new DistributedApplicationBuilder(args), hook); }
        finally { EntryPointHook.Current = null; }
    }

    private static void Configure(
        DistributedApplicationOptions options, HostApplicationBuilderSettings settings, string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder)
    {
        options.Args ??= args;
        options.DisableDashboard = true;
        configureBuilder(options, settings);
    }

    private static void Configured(DistributedApplicationBuilder builder)
    {
        if (builder.Configuration["DcpPublisher:RandomizePorts"] is null) builder.Configuration["DcpPublisher:RandomizePorts"] = "true";
    }

    private static void RunEntryPoint(EntryPointHook hook, MethodInfo main, string[] args)
    {
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? null : [args]);
            hook.Failed(new InvalidOperationException($"The entry point of {main.DeclaringType?.Assembly.GetName().Name} ended without building an application."));
        }
        catch (TargetInvocationException e)
        {
            hook.Failed(e.InnerException ?? e);
        }
    }
}
