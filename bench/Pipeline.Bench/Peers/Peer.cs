using System.Diagnostics;

/// <summary>A pipeline in another language: three programs under <c>bench/peers</c>, one each for cameras, inference and store.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Interpreter">The program that runs its scripts.</param>
/// <param name="Folder">Of the scripts.</param>
/// <param name="Ending">Of their names.</param>
/// <param name="Probe">Arguments with which the interpreter says whether the packages are there.</param>
/// <param name="Remedy">How to get what is missing.</param>
internal sealed record Peer(string Name, string Interpreter, string Folder, string Ending, string[] Probe, string Remedy)
{
    public static readonly Peer[] All =
    [
        new("node", "node", "node", ".mjs",
            ["--input-type=module", "--eval", "await Promise.all(['kafkajs', 'mongodb', 'onnxruntime-node'].map(name => import(name)))"],
            "install Node.js 20 or later and run `npm ci --ignore-scripts` in bench/peers/node"),
        new("python", "/usr/bin/python3", "python", ".py",                            // Debian's own: another Python does not see Debian's packages
            ["-c", "import kafka, crc32c, pymongo, onnx, torch"],
            "install Debian's python3-kafka, python3-crc32c, python3-pymongo, python3-pymongo-ext, python3-onnx and python3-torch"),
    ];

    private string Path { get; } = System.IO.Path.Combine(Machine.RepositoryRoot, "bench", "peers", Folder);

    /// <summary>Whether it can run here.</summary>
    public async Task<bool> IsInstalledAsync()
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo(Interpreter, Probe) { WorkingDirectory = Path, RedirectStandardError = true })!;
            await probe.StandardError.ReadToEndAsync();
            await probe.WaitForExitAsync();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;                                    // there is no such interpreter
        }
    }

    /// <param name="script">Without its ending.</param>
    /// <param name="settings">Environment variables that it reads.</param>
    public PeerProgram Start(string script, IReadOnlyDictionary<string, string> settings) =>
        new(Interpreter, [System.IO.Path.Combine(Path, script + Ending)], settings);
}
