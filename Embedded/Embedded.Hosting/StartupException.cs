namespace Embedded.Hosting;

/// <summary>A server cannot start. The message is one line for a person: what is wrong, and what to do.</summary>
internal sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);
