namespace Pipeline.Latency;

/// <summary>The experiment cannot go on. The message is for the person at the terminal: what is wrong, and what to do.</summary>
internal sealed class ExperimentException(string message) : Exception(message);
