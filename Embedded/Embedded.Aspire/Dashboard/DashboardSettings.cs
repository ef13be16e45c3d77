using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Configuration;

namespace Embedded.Aspire.Dashboard;

/// <summary>Where this run's dashboard is and what opens it: what the configuration says, free ports and random keys for the rest.</summary>
/// <param name="FrontendUrl">Where browsers go.</param>
/// <param name="OtlpHttpUrl">Where telemetry goes.</param>
/// <param name="OtlpGrpcUrl">Where telemetry over gRPC may go too; null: nowhere.</param>
/// <param name="ResourceServiceUrl">Where the dashboard asks about the resources.</param>
/// <param name="BrowserToken">Null: no login.</param>
/// <param name="OtlpApiKey">Null: telemetry is taken from everybody.</param>
/// <param name="ResourceServiceApiKey">Null: everybody on this machine may ask.</param>
/// <param name="TelemetryFile">The file that telemetry is appended to; null: none.</param>
internal sealed record DashboardSettings(
    Uri FrontendUrl, Uri OtlpHttpUrl, Uri? OtlpGrpcUrl, Uri ResourceServiceUrl,
    string? BrowserToken, string? OtlpApiKey, string? ResourceServiceApiKey, string? TelemetryFile)
{
    private const int KeyHexDigits = 32;

    /// <summary>The address that lets a person in.</summary>
    public string LoginUrl => BrowserToken is null ? FrontendUrl.AbsoluteUri : new Uri(FrontendUrl, $"/login?t={BrowserToken}").AbsoluteUri;

    /// <summary>Decides, and puts what the resources need to send telemetry (see ProjectEnvironment) into the configuration.</summary>
    /// <exception cref="DistributedApplicationException">The port that was asked for is taken.</exception>
    public static DashboardSettings Decide(IConfiguration configuration, RunOptions options)
    {
        var isOpen = configuration.GetValue("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", false)
            || configuration.GetValue("DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", false);
        string? Key(params string[] names) =>
            isOpen ? null
            : names.Select(name => configuration[name]).FirstOrDefault(key => key is { Length: > 0 })
                ?? RandomNumberGenerator.GetHexString(KeyHexDigits, lowercase: true);

        var settings = new DashboardSettings(
            Frontend(configuration, options),
            OnLoopback(configuration, options, "DASHBOARD_OTLP_HTTP_ENDPOINT_URL") ?? Free(),
            OnLoopback(configuration, options, "DASHBOARD_OTLP_ENDPOINT_URL"),
            OnLoopback(configuration, options, "RESOURCE_SERVICE_ENDPOINT_URL") ?? Free(),
            Key("ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN", "DOTNET_DASHBOARD_FRONTEND_BROWSERTOKEN", "AppHost:BrowserToken"),
            Key("AppHost:OtlpApiKey"),
            Key("AppHost:ResourceService:ApiKey"),
            configuration["Dashboard:TelemetryFile:Path"] is { Length: > 0 } file ? Path.GetFullPath(file, options.Directory) : null);

        configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = settings.OtlpHttpUrl.GetLeftPart(UriPartial.Authority);
        configuration["AppHost:OtlpApiKey"] = settings.OtlpApiKey;
        return settings;
    }

    /// <summary>What the dashboard's process is told: Aspire's own names.</summary>
    public Dictionary<string, string> Environment() => new()
    {
        ["ASPNETCORE_URLS"] = FrontendUrl.AbsoluteUri,
        ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = OtlpHttpUrl.AbsoluteUri,
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = OtlpGrpcUrl?.AbsoluteUri ?? "",
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = ResourceServiceUrl.AbsoluteUri,
        ["DASHBOARD__FRONTEND__AUTHMODE"] = BrowserToken is null ? "Unsecured" : "BrowserToken",
        ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = BrowserToken ?? "",
        ["DASHBOARD__OTLP__AUTHMODE"] = OtlpApiKey is null ? "Unsecured" : "ApiKey",
        ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = OtlpApiKey ?? "",
        ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = ResourceServiceApiKey is null ? "Unsecured" : "ApiKey",
        ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = ResourceServiceApiKey ?? "",
        ["DASHBOARD__TELEMETRYFILE__PATH"] = TelemetryFile ?? "",
    };

    private static Uri Frontend(IConfiguration configuration, RunOptions options)
    {
        if (options.RandomizePorts || configuration["ASPNETCORE_URLS"] is not { Length: > 0 } urls) return Free();
        var all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(BindingUrl.Parse).ToList();
        if (all.OrderBy(u => u.Scheme, StringComparer.Ordinal).First().Port is not { } port) return Free();     // http before https: it is local
        return PortAllocator.IsFree(port)
            ? OnPort(port)
            : throw new DistributedApplicationException(
                $"dashboard: port {port} is taken by another program. Stop that program, or choose another port for the dashboard.");
    }

    // Programs are told these addresses, people never type them: where another program listens already, any other port will do.
    private static Uri? OnLoopback(IConfiguration configuration, RunOptions options, string name) =>
        options.RandomizePorts || (configuration[$"ASPIRE_{name}"] ?? configuration[$"DOTNET_{name}"]) is not { Length: > 0 } text ? null
        : BindingUrl.Parse(text).Port is { } port && PortAllocator.IsFree(port) ? OnPort(port)
        : Free();

    private static Uri Free() => OnPort(PortAllocator.Next());

    private static Uri OnPort(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"));
}
