namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>Bytes that are no OTLP request, or one beyond a limit; the message is for the sender.</summary>
internal sealed class OtlpException(string message, Exception? inner = null) : Exception(message, inner);
