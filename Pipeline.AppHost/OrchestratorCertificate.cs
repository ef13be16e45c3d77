using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable ASPIRECERTIFICATES001               // said to be an experiment; nothing else tells the orchestrator which certificate to take

/// <summary>
/// The development certificate that the .NET SDK made when it was first used, for what the AppHost and its orchestrator say to each other.
/// Aspire passes on only one that is trusted; without one the orchestrator looks for the primes of a key of its own at each start, which
/// took 1 to 7 seconds of the 8 to 14 until the first picture. Nothing here speaks TLS otherwise, and nobody is asked to trust it.
/// </summary>
internal sealed class OrchestratorCertificate(TimeProvider time) : IDeveloperCertificateService
{
    /// <summary>The extension by which ASP.NET Core's development certificates are known.</summary>
    private const string DevelopmentCertificateOid = "1.3.6.1.4.1.311.84.1.1";

    private ImmutableList<X509Certificate2>? _certificates;

    /// <summary>Has the orchestrator take it; on macOS, where reading a key asks the user for a password, only Aspire's own choice counts.</summary>
    public static void UseFor(IServiceCollection services)
    {
        if (!OperatingSystem.IsMacOS())
        {
            services.AddSingleton<IDeveloperCertificateService, OrchestratorCertificate>();
        }
    }

    public ImmutableList<X509Certificate2> Certificates => _certificates ??= Find();

    public bool SupportsContainerTrust => false;

    public bool TrustCertificate => false;

    public bool UseForHttps => false;

    public bool LatestCertificateIsUntrusted => false;

    private ImmutableList<X509Certificate2> Find()
    {
        var now = time.GetLocalNow().DateTime;              // as certificates are read
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadOnly);
        return [.. store.Certificates
            .Find(X509FindType.FindByExtension, DevelopmentCertificateOid, validOnly: false)
            .Where(certificate => certificate.HasPrivateKey && certificate.NotBefore <= now && now < certificate.NotAfter)
            .OrderByDescending(certificate => certificate.NotAfter)
            .Take(1)];
    }
}
