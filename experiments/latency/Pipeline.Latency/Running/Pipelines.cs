using System.Text;
using Pipeline.Latency.Results;

namespace Pipeline.Latency.Running;

/// <summary>What the pipeline is set to and made of, as the report states it. A test holds the settings to the services' own.</summary>
internal static class Pipelines
{
    public static readonly PipelineConfiguration Default = new(
        Model: "resnet20-cifar10", Precision: "fp32", Partitions: 8, Acks: "all", LingerMs: 1, MaxBatch: 8, MaxWaitMs: 0, WriteConcern: "server default");

    /// <summary>Versions of what runs; what cannot be told is left out.</summary>
    public static Dictionary<string, string> Versions(string repositoryRoot)
    {
        var app = Commit(repositoryRoot);
        return new Dictionary<string, string>
        {
            ["app"] = app,
            ["onnxruntime"] = OnnxRuntime(Path.Combine(repositoryRoot, "Pipeline.Inference", "bin", "Release", "net10.0", "libonnxruntime.so")),
            ["broker"] = $"Embedded.Kafka {app}",
            ["database"] = $"Embedded.MongoDB {app}",
            ["dotnet"] = Environment.Version.ToString(),
        };
    }

    private static string Commit(string repositoryRoot)
    {
        try
        {
            var git = new System.Diagnostics.ProcessStartInfo("git", ["-C", repositoryRoot, "describe", "--always", "--dirty"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = System.Diagnostics.Process.Start(git)!;
            var commit = process.StandardOutput.ReadToEnd().Trim();
            return commit.Length > 0 ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    /// <summary>The native library says its version only in the name that its symbols carry.</summary>
    private static string OnnxRuntime(string library)
    {
        if (!File.Exists(library))
            return "unknown";
        var bytes = File.ReadAllBytes(library);
        var at = bytes.AsSpan().IndexOf("VERS_1."u8);
        return at < 0 ? "unknown" : Encoding.ASCII.GetString(bytes.AsSpan(at + 5, bytes.AsSpan(at).IndexOf((byte)0) - 5));
    }
}
