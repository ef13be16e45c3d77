using System.Diagnostics;

/// <summary>A file system of its own that can be filled, where the machine lets us mount one; else an ordinary folder.</summary>
internal sealed class Disk : IDisposable
{
    private readonly string _ballast;

    public Disk(long bytes)
    {
        Path = Directory.CreateTempSubdirectory("pipeline-chaos-").FullName;
        _ballast = System.IO.Path.Combine(Path, ".ballast");
        CanBeFull = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Path);
    }

    public string Path { get; }

    public bool CanBeFull { get; }

    /// <summary>Full for a while.</summary>
    public async Task FillAsync(TimeSpan duration)
    {
        try
        {
            using var ballast = new FileStream(_ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[1 << 20];
            while (new DriveInfo(Path).AvailableFreeSpace > page.Length)
            {
                ballast.Write(page);
            }
            await Task.Delay(duration);
        }
        catch (IOException)
        {
            await Task.Delay(duration);                      // others were quicker to fill it
        }
        finally
        {
            File.Delete(_ballast);
        }
    }

    public void Dispose()
    {
        if (CanBeFull)
        {
            Run("umount", "--lazy", Path);
        }
        Directory.Delete(Path, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
