using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Pipeline.Latency.Results;

namespace Pipeline.Latency.Running;

/// <summary>What the pipeline is set to and made of, as the report states it. A test holds the settings to the services' own.</summary>
internal static class Pipelines
{
    public static readonly PipelineConfiguration Default = new(
        Model: "resnet20-cifar10", Precision: "fp32", Partitions: 8, Acks: "all", LingerMs: 0, MaxBatch: 8, MaxWaitMs: 0, WriteConcern: "server default");

    private const string Unknown = "unknown";

    /// <summary>Versions of what runs.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> VersionsAsync(string repositoryRoot, CancellationToken cancellation)
    {
        var app = await CommitAsync(repositoryRoot, cancellation);
        return new Dictionary<string, string>
        {
            ["app"] = app,
            ["onnxruntime"] = await OnnxRuntimeAsync(Path.Combine(repositoryRoot, "Pipeline.Inference", "bin", "Release", "net10.0", "libonnxruntime.so"), cancellation),
            ["broker"] = $"Embedded.Kafka {app}",
            ["database"] = $"Embedded.MongoDB {app}",
            ["dotnet"] = Environment.Version.ToString(),
        };
    }

    private static async Task<string> CommitAsync(string repositoryRoot, CancellationToken cancellation)
    {
        try
        {
            var describe = new ProcessStartInfo("git", ["-C", repositoryRoot, "describe", "--always", "--dirty"]) { RedirectStandardOutput = true };
            using var git = Process.Start(describe)!;
            var commit = (await git.StandardOutput.ReadToEndAsync(cancellation)).Trim();
            await git.WaitForExitAsync(cancellation);
            return commit.Length > 0 ? commit : Unknown;
        }
        catch (Win32Exception)
        {
            return Unknown;                                  // there is no git
        }
    }

    /// <summary>The native library says its version only in the name that its symbols carry.</summary>
    private static async Task<string> OnnxRuntimeAsync(string library, CancellationToken cancellation)
    {
        if (!File.Exists(library))
            return Unknown;
        var bytes = await File.ReadAllBytesAsync(library, cancellation);
        var at = bytes.AsSpan().IndexOf("VERS_1."u8);
        return at < 0 ? Unknown : Encoding.ASCII.GetString(bytes.AsSpan(at + "VERS_".Length, bytes.AsSpan(at).IndexOf((byte)0) - "VERS_".Length));
    }
}
