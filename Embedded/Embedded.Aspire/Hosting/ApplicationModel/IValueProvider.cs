namespace Aspire.Hosting.ApplicationModel;

/// <summary>Has a text that stands for it in a deployment manifest, such as <c>{kafka.connectionString}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The text.</summary>
    string ValueExpression { get; }
}

/// <summary>Has a value once the application runs; asking waits until it is known.</summary>
public interface IValueProvider
{
    /// <summary>The value, when it is known.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as the given caller sees it.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>Is made of other things, which therefore have to exist first.</summary>
public interface IValueWithReferences
{
    /// <summary>Resources and values mentioned.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>Run or publish.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource whose environment or arguments are being built.</summary>
    public IResource? Caller { get; init; }
}
