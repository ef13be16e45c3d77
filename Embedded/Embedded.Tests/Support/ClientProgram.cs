using System.Collections.Immutable;
using System.Diagnostics;

namespace Embedded.Tests.Support;

/// <summary>What a finished client program left behind.</summary>
internal sealed record ClientResult(int ExitCode, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The output, after checking that the program was content.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\nstdout: {Output}\nstderr: {Errors}");
        return Output;
    }
}

/// <summary>
/// A program that a test started: captured line by line, bounded in time, and gone when the test is.
/// <see cref="RunAsync"/> for those that end by themselves, <see cref="Start"/> for those that stay.
/// </summary>
internal sealed class ClientProgram : IAsyncDisposable
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableList<string> _output = [];
    private ImmutableList<string> _errors = [];

    private ClientProgram(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Lines written so far; a snapshot.</summary>
    public ImmutableList<string> Output => Volatile.Read(ref _output);

    /// <summary>Lines written to standard error so far; a snapshot.</summary>
    public ImmutableList<string> Errors => Volatile.Read(ref _errors);

    /// <summary>Both streams, for a failure message.</summary>
    public string Transcript => $"stdout:\n{string.Join('\n', Output)}\nstderr:\n{string.Join('\n', Errors)}";

    public static ClientProgram Start(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? ImmutableDictionary<string, string>.Empty)
        {
            start.Environment[name] = value;
        }

        var running = new ClientProgram(new Process { StartInfo = start });
        running._process.OutputDataReceived += (_, line) => Append(ref running._output, line.Data, running._outputEnded);
        running._process.ErrorDataReceived += (_, line) => Append(ref running._errors, line.Data, running._errorsEnded);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="input">Written to standard input, which is then closed.</param>
    /// <exception cref="TimeoutException">It did not end within <paramref name="limit"/> (default: one minute); it was killed.</exception>
    public static async Task<ClientResult> RunAsync(
        string program, IEnumerable<string> arguments, string? input = null, TimeSpan? limit = null,
        string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var running = Start(program, arguments, folder, environment);
        try
        {
            if (input is not null)
            {
                await running._process.StandardInput.WriteAsync(input);
            }
        }
        catch (IOException) { }                              // It ended before it read all; its exit code tells why.
        return await running.WaitForExitAsync(limit);
    }

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Closes standard input and waits for the end.</summary>
    public async Task<ClientResult> WaitForExitAsync(TimeSpan? limit = null)
    {
        try { _process.StandardInput.Close(); }
        catch (IOException) { }                              // The pipe is already broken: it has exited.
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _outputEnded.Task, _errorsEnded.Task).WaitAsync(limit ?? DefaultLimit);
        }
        catch (TimeoutException)
        {
            await KillAsync();
            throw new TimeoutException($"{_process.StartInfo.FileName} ran longer than {limit ?? DefaultLimit}.\n{Transcript}");
        }
        return new ClientResult(_process.ExitCode, string.Join('\n', Output), string.Join('\n', Errors));
    }

    /// <summary>Waits until standard output has a line like that.</summary>
    /// <exception cref="InvalidOperationException">The program ended first.</exception>
    public async Task<string> WaitForLineAsync(Predicate<string> match, TimeSpan? limit = null)
    {
        await Eventually.TrueAsync(
            () => Output.Exists(match) || _outputEnded.Task.IsCompleted, limit ?? DefaultLimit, () => Transcript);
        return Output.Find(match) ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended early.\n{Transcript}");
    }

    /// <summary>kill -9, and waits until it is gone. Harmless when it has already ended.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static void Append(ref ImmutableList<string> lines, string? line, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
        }
        else
        {
            ImmutableInterlocked.Update(ref lines, (all, added) => all.Add(added), line);
        }
    }
}
