namespace Embedded.Tests.Support;

/// <summary>A file system of a few megabytes, which can be filled, emptied and made read-only. Needs Linux and the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk() { }

    public string Path => _folder.Path;

    public string Data => _folder.File("data");

    private string Ballast => _folder.File(".ballast");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mounting a small file system needs Linux and root");
        var disk = new SmallDisk();
        var mount = await ClientProgram.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path]);
        if (mount.ExitCode != 0)
        {
            disk._folder.Dispose();
        }

        Assert.SkipUnless(mount.ExitCode == 0, $"a small file system cannot be mounted: {mount.Errors}");
        return disk;
    }

    /// <summary>Leaves this many bytes free.</summary>
    public void Fill(long leftBytes)
    {
        using var ballast = new FileStream(Ballast, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        ballast.Position = ballast.Length;
        var page = new byte[4096];
        for (var free = new DriveInfo(Path).AvailableFreeSpace; free - page.Length >= leftBytes; free -= page.Length)
        {
            ballast.Write(page);
        }
    }

    public void Empty() => File.Delete(Ballast);

    public async Task MakeReadOnlyAsync() => (await ClientProgram.RunAsync("mount", ["-o", "remount,ro", Path])).Succeeded();

    public async ValueTask DisposeAsync()
    {
        await ClientProgram.RunAsync("umount", ["--lazy", Path]);
        _folder.Dispose();
    }
}
