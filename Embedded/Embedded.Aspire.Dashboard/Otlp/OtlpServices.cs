using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace Embedded.Aspire.Dashboard.Otlp;

internal static class OtlpServices
{
    private const string CorsPolicyName = "otlp";

    private static readonly string[] HeadersOfOtlp = ["Content-Type", "Content-Encoding", OtlpIntake.ApiKeyHeader];

    /// <summary>Taking telemetry in; the store must have been added (AddTelemetry).</summary>
    public static void AddOtlp(this IServiceCollection services)
    {
        services.AddOptions<OtlpOptions>().BindConfiguration(OtlpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TelemetryFileOptions>().BindConfiguration(TelemetryFileOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TelemetryFile>();
        services.AddHostedService<TelemetryFileWorker>();
        services.AddSingleton<OtlpReceiver>();
        services.AddSingleton<OtlpIntake>();
        services.AddSingleton<OtlpHttp>();
        services.AddSingleton<OtlpGrpc>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<OtlpOptions>>((cors, otlp) => cors.AddPolicy(CorsPolicyName, Policy(otlp.Value.Cors)));
    }

    /// <summary>The paths of OTLP over HTTP and over gRPC. Senders show a key, not the person's cookie.</summary>
    public static void MapOtlp(this WebApplication app)
    {
        app.UseCors();
        var (http, grpc) = (app.Services.GetRequiredService<OtlpHttp>(), app.Services.GetRequiredService<OtlpGrpc>());
        foreach (var signal in OtlpSignal.All)
        {
            app.MapPost(signal.Path, context => http.HandleAsync(context, signal)).RequireCors(CorsPolicyName).AllowAnonymous().DisableAntiforgery();
            app.MapPost(signal.GrpcPath, context => grpc.HandleAsync(context, signal)).AllowAnonymous().DisableAntiforgery();
        }
    }

    private static CorsPolicy Policy(OtlpOptions.CorsOptions options)
    {
        var policy = new CorsPolicyBuilder().WithMethods(HttpMethods.Post).WithHeaders([.. HeadersOfOtlp, .. Split(options.AllowedHeaders ?? "X-Requested-With")]);
        var origins = Split(options.AllowedOrigins);
        return (origins.Contains("*") ? policy.AllowAnyOrigin() : policy.WithOrigins(origins).SetIsOriginAllowedToAllowWildcardSubdomains()).Build();
    }

    private static string[] Split(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
