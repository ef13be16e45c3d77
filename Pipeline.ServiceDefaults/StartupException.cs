namespace Pipeline.ServiceDefaults;

/// <summary>The world is not as the service needs it; its message is one line for a person: what is wrong, what to do.</summary>
public sealed class StartupException(string problem, string remedy, Exception? cause = null)
    : Exception($"{problem} {remedy}".ReplaceLineEndings(" "), cause);
