using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Before any worker starts: Kafka answers and the topics are there. Every service does this, so the order in which they start does not
/// matter; whoever comes second finds them.
/// </summary>
internal sealed class TopicStart(TopicProvisioning topics) : IStartupStep
{
    private static readonly TimeSpan ReachableWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="StartupException">Kafka does not answer, or does not allow it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await topics.EnsureAsync(cancellationToken);
                return;
            }
            catch (CreateTopicsException refused)
            {
                throw new StartupException($"Kafka at {topics.Servers} does not create the topics ({refused.Error.Reason}).",
                    $"Allow it, or create {string.Join(", ", topics.Names)} by hand.", refused);
            }
            catch (KafkaException away) when (TimeProvider.System.GetElapsedTime(began) >= ReachableWithin)
            {
                throw new StartupException($"Kafka at {topics.Servers} does not answer ({away.Error.Reason}).",
                    "Start the broker, or correct the connection string 'kafka'.", away);
            }
            catch (KafkaException)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
