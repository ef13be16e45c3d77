using Pipeline.Latency.Results;

namespace Pipeline.Latency.Plots;

/// <summary>One cell as the plots see it.</summary>
internal sealed record PlottedCell(CellResult Result, CellData Data)
{
    public string Name => Result.Name;

    /// <summary>Null where the report tells nothing of it.</summary>
    public Distribution? DistributionTo(EndPoint endPoint) => endPoint == EndPoint.Predicted ? Result.Endpoint.Predicted : Result.Endpoint.Stored;

    /// <inheritdoc cref="DistributionTo"/>
    public Shape? ShapeTo(EndPoint endPoint) => endPoint == EndPoint.Predicted ? Data.Predicted : Data.Stored;
}
