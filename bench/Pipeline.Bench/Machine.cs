using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

/// <summary>Where a figure was measured, where the repository is, and which ports are free.</summary>
internal static class Machine
{
    public static void Print() => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{DateTime.UtcNow:yyyy-MM-dd HH:mm}Z  {Environment.ProcessorCount} cores  {RuntimeInformation.OSDescription}  {RuntimeInformation.FrameworkDescription}"));

    /// <summary>The folder that holds Pipeline.sln.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Pipeline.sln above {AppContext.BaseDirectory}; run the benchmarks from a checkout.");
    }
}
