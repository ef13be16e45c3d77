namespace Aspire.Hosting;

/// <summary>The application cannot be what its AppHost says. The message says what to change.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Without a message.</summary>
    public DistributedApplicationException() { }

    /// <summary>With a message.</summary>
    public DistributedApplicationException(string message) : base(message) { }

    /// <summary>With a message and what led to it.</summary>
    public DistributedApplicationException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>A parameter has no value.</summary>
public class MissingParameterValueException : DistributedApplicationException
{
    /// <summary>With a message.</summary>
    public MissingParameterValueException(string message) : base(message) { }

    /// <summary>With a message and what led to it.</summary>
    public MissingParameterValueException(string message, Exception? innerException) : base(message, innerException!) { }
}
