namespace Pipeline.Producer.Sources;

/// <summary>
/// When the pictures of one source are due, so many a second. What could not be taken at its instant is left out: no camera makes up for
/// pictures that it missed.
/// </summary>
internal sealed class Pace(double rate, Shutter shutter, TimeProvider time)
{
    private readonly TimeSpan _interval = rate > 0 ? TimeSpan.FromSeconds(1 / rate) : TimeSpan.Zero;
    private DateTimeOffset _due = time.GetUtcNow();

    /// <summary>Pictures a second; 0: as many as there are.</summary>
    public double Rate => rate;

    /// <summary>For a source that is asked for its pictures: waits until the next one is due, and tells that instant.</summary>
    public async ValueTask<DateTimeOffset> WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (rate > 0)
        {
            await shutter.WaitAsync(_due, cancellationToken);
            await Task.Yield();                              // leaves the shutter's thread: a file or a camera may take its time
        }

        return Next();
    }

    /// <summary>
    /// For a source that shows its pictures unasked: whether this one is due. One that comes a little early is, for no camera is exact.
    /// </summary>
    public bool IsDue()
    {
        if (time.GetUtcNow() < _due - _interval / 2)
        {
            return false;
        }

        Next();
        return true;
    }

    private DateTimeOffset Next()
    {
        var now = time.GetUtcNow();
        var due = now - _due < _interval ? _due : now;
        _due = due + _interval;
        return due;
    }
}
