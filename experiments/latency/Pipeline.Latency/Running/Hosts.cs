using System.Runtime.InteropServices;
using Pipeline.Latency.Results;

namespace Pipeline.Latency.Running;

/// <summary>The machine that this runs on.</summary>
internal static class Hosts
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static HostInformation ThisOne =>
        new(Cpu(), Environment.ProcessorCount, RuntimeInformation.OSDescription, Containers: false, Pinned: false);

    /// <summary>For traces that somebody else recorded.</summary>
    public static readonly HostInformation NotRecorded = new("a host that is not recorded", 0, "not recorded", Containers: false, Pinned: false);

    private static string Cpu()
    {
        var model = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return model?[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.OSArchitecture.ToString();
    }

    /// <summary>The folder that holds Pipeline.sln.</summary>
    /// <exception cref="ExperimentException">There is none above the current folder.</exception>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new ExperimentException("There is no Pipeline.sln in this folder or above it. Run the experiment from within a checkout.");
    }
}
