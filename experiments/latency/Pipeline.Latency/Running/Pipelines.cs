using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Latency.Results;

namespace Pipeline.Latency.Running;

/// <summary>What the pipeline is set to and made of, as the report states it. A test holds the settings to the services' own.</summary>
internal static class Pipelines
{
    public static readonly PipelineConfiguration Default = new(
        Model: "resnet20-cifar10-int8", Precision: "int8", Partitions: 8, Acks: "all", LingerMs: 0, MaxBatch: 64, MaxWaitMs: 0,
        WriteConcern: "server default");

    private const string Unknown = "unknown";

    /// <summary>Versions of what runs.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> VersionsAsync(string repositoryRoot, CancellationToken cancellationToken)
    {
        var app = await CommitAsync(repositoryRoot, cancellationToken);
        return new Dictionary<string, string>
        {
            ["app"] = app,
            ["onnxruntime"] = OnnxRuntime(
                Path.Combine(repositoryRoot, "Pipeline.Inference", "bin", "Release", "net10.0", "Microsoft.ML.OnnxRuntime.dll")),
            ["broker"] = $"Embedded.Kafka {app}",
            ["database"] = $"Embedded.MongoDB {app}",
            ["dotnet"] = Environment.Version.ToString(),
        };
    }

    private static async Task<string> CommitAsync(string repositoryRoot, CancellationToken cancellationToken)
    {
        try
        {
            var describe = new ProcessStartInfo("git", ["-C", repositoryRoot, "describe", "--always", "--dirty"]) { RedirectStandardOutput = true };
            using var git = Process.Start(describe)!;
            var commit = (await git.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
            await git.WaitForExitAsync(cancellationToken);
            return commit.Length > 0 ? commit : Unknown;
        }
        catch (Win32Exception)
        {
            return Unknown;                                  // there is no git
        }
    }

    private static string OnnxRuntime(string library) =>
        File.Exists(library) ? FileVersionInfo.GetVersionInfo(library).FileVersion ?? Unknown : Unknown;
}
