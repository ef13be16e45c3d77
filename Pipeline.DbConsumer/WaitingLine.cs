namespace Pipeline.DbConsumer;

/// <summary>
/// The halves of one partition that wait, in the order in which they came. Their other halves come in much the same order; so the line says
/// whether one is late, or merely behind others.
/// </summary>
internal sealed class WaitingLine
{
    private readonly Queue<PendingImage> _halves = new();
    private DateTimeOffset _movedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _reached = DateTimeOffset.MinValue;

    /// <summary>What waits, in memory.</summary>
    public long Bytes { get; private set; }

    /// <summary>Who has waited longest.</summary>
    public PendingImage? First
    {
        get
        {
            while (_halves.TryPeek(out var half))
            {
                if (half.Line == this)
                {
                    return half;
                }
                _halves.Dequeue();
            }
            return null;
        }
    }

    public void Join(PendingImage half, int bytes)
    {
        (half.Line, half.Bytes) = (this, bytes);
        _halves.Enqueue(half);
        Bytes += bytes;
    }

    /// <summary>It waits no longer.</summary>
    public void Leave(PendingImage half)
    {
        half.Line = null;
        Bytes -= half.Bytes;
    }

    /// <summary>Its other half has come.</summary>
    public void Match(PendingImage half, DateTimeOffset at)
    {
        Leave(half);
        _movedAt = at;
        _reached = _reached > half.TakenAt ? _reached : half.TakenAt;
    }

    /// <summary>Until when it waits.</summary>
    /// <param name="half">One of the line.</param>
    /// <param name="lastOtherAt">When the last half of the other kind came, of whichever partition.</param>
    /// <param name="patience">How long nothing may happen.</param>
    public DateTimeOffset DueAt(PendingImage half, DateTimeOffset lastOtherAt, TimeSpan patience)
    {
        if (half.TakenAt + patience <= _reached)
        {
            return DateTimeOffset.MinValue;
        }
        var movedAt = _movedAt > half.TakenAt ? _movedAt : half.TakenAt;
        return (movedAt < lastOtherAt ? movedAt : lastOtherAt) + patience;
    }
}
