namespace Aspire.Hosting.ApplicationModel;

/// <summary>Choices about a command that is a request to the resource.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>Chooses the endpoint; default: <c>https</c> when there is one, else <c>http</c>.</summary>
    public Func<EndpointReference>? EndpointSelector { get; set; }

    /// <summary>Default: POST.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>The name of the client that the AppHost's services make.</summary>
    public string? HttpClientName { get; set; }

    /// <summary>Completes the request before it is sent.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    /// <summary>Decides from the answer how the command ended; default: a status of 2xx is success.</summary>
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }
}

/// <summary>A request that is about to be sent.</summary>
public sealed class HttpCommandRequestContext
{
    /// <summary>Services of the AppHost.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The resource's id.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Where it goes.</summary>
    public required EndpointReference Endpoint { get; init; }

    /// <summary>Cancelled when whoever gave the command gives up.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>What sends it.</summary>
    public required HttpClient HttpClient { get; init; }

    /// <summary>What is sent.</summary>
    public required HttpRequestMessage Request { get; init; }
}

/// <summary>An answer that has come.</summary>
public sealed class HttpCommandResultContext
{
    /// <summary>Services of the AppHost.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The resource's id.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Where it comes from.</summary>
    public required EndpointReference Endpoint { get; init; }

    /// <summary>Cancelled when whoever gave the command gives up.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The answer.</summary>
    public required HttpResponseMessage Response { get; init; }
}
