using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Whether one record is at fault, which sends it to the dead letters, or the world, which is waited for.</summary>
public static class RecordFaults
{
    /// <summary>The broker, or the client for it, would refuse this record however often it is sent.</summary>
    public static bool IsOfTheRecord(this Error error) =>
        error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord
            or ErrorCode.PolicyViolation;
}
