using Embedded.Hosting;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Log;

/// <summary>What all partitions share.</summary>
internal sealed record LogSettings(BrokerOptions Options, Flusher Flusher, Volume Volume, ILogger Log);
