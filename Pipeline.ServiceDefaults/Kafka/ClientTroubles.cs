using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// What the Kafka client reports on its own, such as a broker that is away. It retries by itself, many times a second,
/// and says so each time; here it is said once in a while.
/// </summary>
public sealed class ClientTroubles(TimeProvider time, ILogger<ClientTroubles> log)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _last;

    public void Report(Error error)
    {
        lock (_lock)
        {
            if (!error.IsFatal && _last != 0 && time.GetElapsedTime(_last) < Quiet)
            {
                return;
            }

            _last = time.GetTimestamp();
        }
        log.ClientTrouble(error.Code, error.Reason);
    }
}
