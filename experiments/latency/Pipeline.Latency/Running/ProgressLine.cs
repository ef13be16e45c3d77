using System.Globalization;

namespace Pipeline.Latency.Running;

/// <summary>One line on the terminal: which run it is, and about how long it all takes yet. A log gets a line for each run.</summary>
internal sealed class ProgressLine(TextWriter output, bool isTerminal, TimeProvider time)
{
    /// <summary>To start and stop the pipeline, until the first run has shown it.</summary>
    private TimeSpan _overhead = TimeSpan.FromSeconds(15);

    private string _shown = "";

    /// <summary>Shows the line while a run lasts.</summary>
    public async Task<T> DuringAsync<T>(Task<T> work, IReadOnlyList<PlannedRun> runs, int index)
    {
        var began = time.GetTimestamp();
        Show(runs, index, TimeSpan.Zero);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (isTerminal && !work.IsCompleted && await timer.WaitForNextTickAsync())
        {
            Show(runs, index, time.GetElapsedTime(began));
        }

        var result = await work;
        _overhead = time.GetElapsedTime(began) - runs[index].Sending;
        return result;
    }

    public void Say(string line)
    {
        output.Write(isTerminal && _shown.Length > 0 ? $"\r{line.PadRight(_shown.Length)}\n" : line + "\n");
        _shown = "";
    }

    internal string Line(IReadOnlyList<PlannedRun> runs, int index, TimeSpan elapsed)
    {
        var left = runs.Skip(index).Aggregate(TimeSpan.Zero, (sum, run) => sum + run.Sending + _overhead) - elapsed;
        var run = runs[index];
        return string.Create(CultureInfo.InvariantCulture,
            $"run {index + 1} of {runs.Count}: {run.Producers} × {run.RatePerProducer:0.###}/s, {elapsed:m\\:ss} of about {run.Sending + _overhead:m\\:ss}; all done in {Text(left)}");
    }

    private void Show(IReadOnlyList<PlannedRun> runs, int index, TimeSpan elapsed)
    {
        var line = Line(runs, index, elapsed);
        output.Write(isTerminal ? $"\r{line.PadRight(_shown.Length)}" : line + "\n");
        _shown = line;
    }

    private static string Text(TimeSpan left) =>
        left < TimeSpan.FromMinutes(1) ? "less than a minute"
        : string.Create(CultureInfo.InvariantCulture, $"about {(int)Math.Ceiling(left.TotalMinutes)} minutes");
}
