namespace Embedded.Aspire.Dashboard;

/// <summary>What the dashboard is told when it starts, under the names that Aspire's AppHost gives to Aspire's dashboard.</summary>
internal sealed record DashboardOptions
{
    private static readonly Uri DefaultFrontend = new("http://localhost:18888");

    /// <summary>Where browsers come: <c>ASPNETCORE_URLS</c>. Default: port 18888.</summary>
    public required IReadOnlyList<Uri> FrontendUrls { get; init; }

    /// <summary>Where OTLP over HTTP comes: <c>ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL</c>; null: nowhere.</summary>
    public required Uri? OtlpHttpUrl { get; init; }

    /// <summary>Where OTLP over gRPC comes: <c>ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL</c>; null: nowhere.</summary>
    public required Uri? OtlpGrpcUrl { get; init; }

    /// <summary>Where the AppHost tells of its resources: <c>ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL</c>; null: there is no AppHost.</summary>
    public required Uri? ResourceServiceUrl { get; init; }

    /// <summary>What a person shows at the login; null: nobody is asked.</summary>
    public required string? BrowserToken { get; init; }

    /// <summary>What senders of telemetry show (header <c>x-otlp-api-key</c>); null: nobody is asked.</summary>
    public required string? OtlpApiKey { get; init; }

    /// <summary>What the dashboard shows to the AppHost (header <c>x-resource-service-api-key</c>).</summary>
    public required string? ResourceServiceApiKey { get; init; }

    /// <summary>Reads them from the environment.</summary>
    /// <exception cref="InvalidOperationException">A URL is none, or a mode needs a key that is not there.</exception>
    public static DashboardOptions Read(IConfiguration configuration) => new()
    {
        FrontendUrls = Urls(configuration, WebHostDefaults.ServerUrlsKey) is { Count: > 0 } urls ? urls : [DefaultFrontend],
        OtlpHttpUrl = Url(configuration, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"),
        OtlpGrpcUrl = Url(configuration, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"),
        ResourceServiceUrl = Url(configuration, "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"),
        BrowserToken = Key(configuration, "Dashboard:Frontend:AuthMode", "BrowserToken", "Dashboard:Frontend:BrowserToken"),
        OtlpApiKey = Key(configuration, "Dashboard:Otlp:AuthMode", "ApiKey", "Dashboard:Otlp:PrimaryApiKey"),
        ResourceServiceApiKey = Key(configuration, "Dashboard:ResourceServiceClient:AuthMode", "ApiKey", "Dashboard:ResourceServiceClient:ApiKey"),
    };

    private static List<Uri> Urls(IConfiguration configuration, string name) =>
        [.. (configuration[name] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => Parse(name, text))];

    private static Uri? Url(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } text ? Parse(name, text) : null;

    private static Uri Parse(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            ? url
            : throw new InvalidOperationException($"{name} is '{text}'; it must be a URL such as http://localhost:18888.");

    private static string? Key(IConfiguration configuration, string modeName, string modeWithKey, string keyName)
    {
        var key = configuration[keyName] is { Length: > 0 } value ? value : null;
        var mode = configuration[modeName] ?? (key is null ? "Unsecured" : modeWithKey);
        if (mode.Equals("Unsecured", StringComparison.OrdinalIgnoreCase)) return null;
        if (!mode.Equals(modeWithKey, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"{modeName} is '{mode}'; it must be {modeWithKey} or Unsecured.");
        return key ?? throw new InvalidOperationException($"{modeName} is {mode}, and {keyName} is not set.");
    }
}
