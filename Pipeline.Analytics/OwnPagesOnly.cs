namespace Pipeline.Analytics;

/// <summary>
/// What changes something is not for other sites' pages, which a browser would let ask in the name of whoever looks at them. Their forms cannot
/// send JSON, their scripts would have to be allowed it, which nobody is; and where the browser says that another site asks, it is refused.
/// </summary>
internal sealed class OwnPagesOnly : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        return request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none")
            ? TypedResults.Problem("Another site's page may not ask for this.", statusCode: StatusCodes.Status403Forbidden)
            : !request.HasJsonContentType()
            ? TypedResults.Problem("Send it as application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType)
            : await next(context);
    }
}
