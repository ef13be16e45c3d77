namespace Aspire.Hosting;

/// <summary>What the AppHost is asked to do.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>Run the application here.</summary>
    Run = 0,

    /// <summary>Write down what it takes to run it elsewhere.</summary>
    Publish = 1,
}

/// <summary>What the AppHost is asked to do, for code that does one thing here and another elsewhere.</summary>
public class DistributedApplicationExecutionContext
{
    private IServiceProvider? _serviceProvider;

    /// <summary>For an operation without a publisher.</summary>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation) : this(operation, "manifest") { }

    /// <summary>For an operation and a publisher.</summary>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName)
    {
        Operation = operation;
        PublisherName = publisherName;
    }

    /// <summary>Run or publish.</summary>
    public DistributedApplicationOperation Operation { get; }

    /// <summary>Which form is written.</summary>
    public string PublisherName { get; set; }

    /// <summary>Whether the application is to be written down.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>Whether the application is to run here.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>The services of the built application.</summary>
    /// <exception cref="InvalidOperationException">The application is not built yet.</exception>
    public IServiceProvider ServiceProvider
    {
        get => _serviceProvider ?? throw new InvalidOperationException("IServiceProvider is not available because execution context has not been initialized.");
        internal set => _serviceProvider = value;
    }
}
