using Pipeline.Latency.Results;

namespace Pipeline.Latency.Plots;

/// <summary>One plot of the report.</summary>
/// <param name="FileName">Without its ending.</param>
/// <param name="Title">Also the alternative text in the report.</param>
/// <param name="Draw">Null when there is nothing to show.</param>
internal sealed record Figure(string FileName, string Title, Func<IReadOnlyList<PlottedCell>, Picture?> Draw)
{
    /// <summary>In the order of the report.</summary>
    public static readonly Figure[] All =
    [
        new("histograms-predicted", "Latency until predicted, for each number of producers", cells => Histograms.Draw(cells, EndPoint.Predicted)),
        new("histograms-stored", "Latency until stored, for each number of producers", cells => Histograms.Draw(cells, EndPoint.Stored)),
        new("percentiles-predicted", "Percentiles until predicted, beside the predecessors'",
            cells => PercentileCurves.Draw(cells, EndPoint.Predicted)),
        new("percentiles-stored", "Percentiles until stored, beside the predecessors'", cells => PercentileCurves.Draw(cells, EndPoint.Stored)),
        new("ecdf-predicted", "Share of images predicted within a time", cells => Ecdf.Draw(cells, EndPoint.Predicted)),
        new("ecdf-stored", "Share of images stored within a time", cells => Ecdf.Draw(cells, EndPoint.Stored)),
        new("boxes-predicted", "Spread of latency until predicted", cells => Boxes.Draw(cells, EndPoint.Predicted)),
        new("boxes-stored", "Spread of latency until stored", cells => Boxes.Draw(cells, EndPoint.Stored)),
        new("spectrum-predicted", "The tail of latency until predicted", cells => Spectrum.Draw(cells, EndPoint.Predicted)),
        new("spectrum-stored", "The tail of latency until stored", cells => Spectrum.Draw(cells, EndPoint.Stored)),
        new("stages", "Where the time goes", StageStack.Draw),
        new("over-time", "Latency until stored over the run", OverTime.Draw),
        new("offered-rate", "Latency until stored against offered rate", OfferedRate.Draw),
    ];

    /// <summary>The cells with a distribution to an end point.</summary>
    public static PlottedCell[] Known(IReadOnlyList<PlottedCell> cells, EndPoint endPoint) =>
        [.. cells.Where(cell => cell.DistributionTo(endPoint) is not null && cell.ShapeTo(endPoint) is not null)];
}
