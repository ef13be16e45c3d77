using Confluent.Kafka;
using Microsoft.AspNetCore.Diagnostics;
using MongoDB.Driver;

namespace Pipeline.Analytics;

/// <summary>Store or broker does not answer: 503 with a line that says which, instead of a 500 that says nothing.</summary>
internal sealed class SourceAwayHandler(IProblemDetailsService problems, ILogger<SourceAwayHandler> log) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var source = exception switch
        {
            MongoException or TimeoutException => "MongoDB",
            KafkaException => "Kafka",
            _ => null,
        };
        if (source is null)
        {
            return ValueTask.FromResult(false);
        }
        log.SourceAway(source, exception.Message.Split('\n')[0].TrimEnd());
        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = StatusCodes.Status503ServiceUnavailable, Title = $"{source} does not answer; try again in a moment." },
        });
    }
}
