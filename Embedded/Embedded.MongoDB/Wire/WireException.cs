namespace Embedded.MongoDB.Wire;

/// <summary>The bytes are no message of this protocol. The connection they came from cannot be trusted any further.</summary>
/// <param name="message">What was expected and what came.</param>
/// <param name="code">The error number for the reply, where the protocol lets the server answer before it closes; 0 where it does not.</param>
public sealed class WireException(string message, int code = 0) : Exception(message)
{
    /// <summary>The error number for a last reply; 0: close without one.</summary>
    public int Code { get; } = code;
}
