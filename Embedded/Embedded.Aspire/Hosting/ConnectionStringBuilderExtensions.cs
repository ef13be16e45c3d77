using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A connection string that is put together of other values.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}

/// <summary>Adds connection strings that are put together of other values.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string. It can be used as soon as every resource it mentions has started.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        var resource = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
        foreach (var mentioned in Mentioned(connectionStringExpression).Distinct())
        {
            resource.WithReferenceRelationship(mentioned);
            if (mentioned is IResourceWithWaitSupport)
                resource.WithAnnotation(new WaitAnnotation(mentioned, WaitType.WaitUntilStarted));
        }
        return resource;
    }

    /// <summary>Adds a connection string, put together piece by piece.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, Action<ReferenceExpressionBuilder> connectionStringBuilder)
    {
        var expression = new ReferenceExpressionBuilder();
        connectionStringBuilder(expression);
        return AddConnectionString(builder, name, expression.Build());
    }

    private static IEnumerable<IResource> Mentioned(object value) => value switch
    {
        IResource resource => [resource],
        IValueWithReferences references => references.References.SelectMany(Mentioned),
        _ => [],
    };
}
