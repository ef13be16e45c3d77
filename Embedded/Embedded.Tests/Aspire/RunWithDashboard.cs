using System.Net;
using System.Runtime.CompilerServices;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Embedded.Aspire.Dashboard;
using Microsoft.Extensions.DependencyInjection;

namespace Embedded.Tests.AspireHost;

/// <summary>An application that runs with its dashboard, and visitors for it.</summary>
internal sealed class RunWithDashboard : IAsyncDisposable
{
    private readonly ConditionalWeakTable<HttpClient, CookieContainer> _cookies = [];
    private readonly DashboardRunner _dashboard;

    private RunWithDashboard(DistributedApplication application)
    {
        Application = application;
        _dashboard = application.Services.GetRequiredService<DashboardRunner>();
    }

    public DistributedApplication Application { get; }

    public DashboardSettings Settings => _dashboard.Settings!;

    public int? ProcessId => _dashboard.ProcessId;

    /// <summary>Starts the application, and waits until its dashboard can be reached.</summary>
    public static async Task<RunWithDashboard> StartAsync(Action<IDistributedApplicationBuilder> describe, params string[] args)
    {
        var builder = DistributedApplicationTestingBuilder.Create(args, (options, _) =>
        {
            options.AssemblyName = typeof(Projects.Embedded_Tests_AppHost).Assembly.GetName().Name;
            options.DisableDashboard = false;
        });
        describe(builder);
        var application = await builder.BuildAsync();
        try
        {
            await application.StartAsync();
            var run = new RunWithDashboard(application);
            await run._dashboard.Listening.WaitAsync(Applications.Limit);
            return run;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>A visitor of its own, with cookies of its own.</summary>
    public HttpClient Client()
    {
        var cookies = new CookieContainer();
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = Settings.FrontendUrl };
        _cookies.Add(client, cookies);
        return client;
    }

    public CookieCollection Cookies(HttpClient client) =>
        _cookies.TryGetValue(client, out var cookies) ? cookies.GetCookies(Settings.FrontendUrl) : [];

    public async ValueTask DisposeAsync() => await Application.DisposeAsync();
}
