using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Pipeline.Contracts.Options;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// The file to which one process appends its spans, <c>SERVICE-PID.jsonl</c>. It takes whole lines or nothing: only the end of the
/// process in the middle of a write leaves a torn last line.
/// </summary>
internal sealed class SpanFile(string folder, string serviceName) : IStartupStep, IDisposable
{
    /// <summary>The configuration key that names the folder.</summary>
    public const string Setting = $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.Folder)}";

    private SafeFileHandle? _file;
    private long _length;

    /// <exception cref="StartupException">The folder cannot be written.</exception>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            _file = File.OpenHandle(FreePath(), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StartupException(
                $"No traces can be written to {folder}: {cause.Message}", $"Give a folder that can be written in {Setting}.", cause);
        }
        return Task.CompletedTask;
    }

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="IOException">They could not be written, such as to a full disk; the file is as it was.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        var file = _file ?? throw new IOException($"{folder} is not open.");
        try
        {
            RandomAccess.Write(file, lines, _length);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(file, _length);
            throw;
        }
        _length += lines.Length;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A process id comes again: soon in containers, where every service has the same.</summary>
    private string FreePath()
    {
        var name = string.Concat(serviceName.Split(Path.GetInvalidFileNameChars()));
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}"));
        var suffix = "";
        for (var again = 2; File.Exists(path + suffix + ".jsonl"); again++)
        {
            suffix = string.Create(CultureInfo.InvariantCulture, $"-{again}");
        }

        return path + suffix + ".jsonl";
    }
}
