using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Log;

/// <summary>What became of a produced batch.</summary>
/// <param name="BaseOffset">Of its first record; −1 on error.</param>
/// <param name="AppendTimeMs">The broker's time for LogAppendTime topics, −1 otherwise.</param>
internal readonly record struct AppendResult(ErrorCode Error, long BaseOffset, long AppendTimeMs, long LogStartOffset)
{
    public static AppendResult Failed(ErrorCode error) => new(error, -1, -1, -1);
}
