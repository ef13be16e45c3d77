namespace Embedded.Kafka;

/// <summary>The broker cannot start; the message says why and what to do, in one line.</summary>
public sealed class StartupException : Exception
{
    public StartupException(string message) : base(message) { }

    public StartupException(string message, Exception innerException) : base(message, innerException) { }

    public StartupException() { }
}
