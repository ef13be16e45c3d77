namespace Pipeline.ServiceDefaults;

/// <summary>
/// Something that must hold before the service begins: a broker that answers, a model that loads. Steps run in the order
/// in which they were added, before the workers and their clients are made, so that what is missing is said once.
/// </summary>
public interface IStartupStep
{
    /// <exception cref="StartupException">It does not hold; the service ends with this line.</exception>
    Task RunAsync(CancellationToken cancellationToken);
}
