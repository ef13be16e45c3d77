namespace Embedded.Kafka.Wire;

/// <summary>
/// The bytes do not follow the protocol: something is missing, too long, or null where it must not be.
/// The connection that sent them is closed; nothing else is affected.
/// </summary>
public sealed class ProtocolException : Exception
{
    public ProtocolException(string message) : base(message) { }

    public ProtocolException(string message, Exception innerException) : base(message, innerException) { }

    public ProtocolException() { }
}
