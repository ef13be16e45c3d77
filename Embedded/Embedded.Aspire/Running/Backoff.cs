namespace Embedded.Aspire.Running;

/// <summary>How long to wait before a crashed process is started again: longer each time, and short again after it has held for a while.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ResetAfterUp = TimeSpan.FromSeconds(30);
    private TimeSpan _next = First;

    public TimeSpan Next(TimeSpan up)
    {
        if (up >= ResetAfterUp) _next = First;
        var delay = _next;
        _next = _next * 2 < Max ? _next * 2 : Max;
        return delay;
    }
}
