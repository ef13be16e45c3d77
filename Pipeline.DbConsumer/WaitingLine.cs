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
        _reached = Later(_reached, half.TakenAt);
    }

    /// <summary>Until when it waits.</summary>
    /// <param name="half">One of the line.</param>
    /// <param name="lastOtherAt">When the last half of the other kind came, of whichever partition.</param>
    public DateTimeOffset DueAt(PendingImage half, DateTimeOffset lastOtherAt)
    {
        if (half.TakenAt + PendingImages.Patience <= _reached)
        {
            return DateTimeOffset.MinValue;
        }
        var withoutOthers = Later(half.TakenAt, _movedAt) + PendingImages.PatienceWithPartition;
        var withoutAny = lastOtherAt + PendingImages.Patience;
        return withoutOthers < withoutAny ? withoutOthers : withoutAny;
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
