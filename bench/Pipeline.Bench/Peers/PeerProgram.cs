using System.Diagnostics;

/// <summary>One program of a peer's pipeline, or a server that it stands on; says on standard output what the bench waits for.</summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _stored;

    public PeerProgram(string program, string[] arguments, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    /// <summary>What a writer has last said of how many images it stored.</summary>
    public long Stored => Volatile.Read(ref _stored);

    public bool HasFailed => _process is { HasExited: true, ExitCode: not 0 };

    /// <summary>Ends when the program is ready; the rest of the line in which it says so.</summary>
    public async Task<string> ReadyAsync() => await _ready.Task.WaitAsync(ReadyWithin);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var terminate = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await terminate.WaitForExitAsync();
        }
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopWithin);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ', 2))
            {
                case ["ready"]:
                    _ready.TrySetResult("");
                    break;
                case ["listening", var address]:
                    _ready.TrySetResult(address);
                    break;
                case ["stored", var count] when long.TryParse(count, out var stored):
                    Volatile.Write(ref _stored, stored);
                    break;
                default:
                    await Console.Error.WriteLineAsync(line);
                    break;
            }
        }
        _ready.TrySetException(new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended before it was ready."));
    }
}
