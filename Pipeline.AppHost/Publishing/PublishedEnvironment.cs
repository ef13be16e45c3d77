using Aspire.Hosting.ApplicationModel;

/// <summary>The variables and arguments of a resource as they were declared: values that become known stay what they are.</summary>
internal static class PublishedEnvironment
{
    public static async Task<IReadOnlyDictionary<string, object>> VariablesAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(variable => variable.Key, variable => Unwrapped(variable.Value));
    }

    public static async Task<IReadOnlyList<object>> ArgsAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = executionContext };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
        {
            await annotation.Callback(context);
        }

        return [.. context.Args.Select(Unwrapped)];
    }

    private static object Unwrapped(object value) => value is IResourceBuilder<IResource> builder ? builder.Resource : value;
}
