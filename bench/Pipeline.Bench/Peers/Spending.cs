/// <summary>
/// What processes have used from the first look to the last: processor time, and the most memory that each ever had. One that has ended
/// keeps what it was last seen with.
/// </summary>
internal sealed class Spending
{
    private readonly Dictionary<int, Entry> _processes = [];
    private bool _hasLooked;

    /// <param name="ancestors">These, and what they started.</param>
    public void Look(params IEnumerable<int> ancestors)
    {
        foreach (var id in ancestors.SelectMany(ProcessAccount.IdsBelow))
        {
            var seconds = ProcessAccount.UsageOf(id).ProcessorSeconds;
            if (seconds == 0)
            {
                continue;                                    // it has ended meanwhile
            }
            var first = _processes.TryGetValue(id, out var before) ? before.FirstSeconds : _hasLooked ? 0 : seconds;
            _processes[id] = new(ProcessAccount.NameOf(id), first, seconds, Math.Max(before.PeakBytes, ProcessAccount.PeakBytesOf(id)));
        }
        _hasLooked = true;
    }

    /// <summary>Of the programs that are meant.</summary>
    public (double Seconds, long PeakBytes) Of(Func<string, bool> isMeant)
    {
        var meant = _processes.Values.Where(process => isMeant(process.Program)).ToList();
        return (meant.Sum(process => process.LastSeconds - process.FirstSeconds), meant.Sum(process => process.PeakBytes));
    }

    private readonly record struct Entry(string Program, double FirstSeconds, double LastSeconds, long PeakBytes);
}
