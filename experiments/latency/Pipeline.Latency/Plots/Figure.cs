using Pipeline.Latency.Results;

namespace Pipeline.Latency.Plots;

/// <summary>One plot of the report.</summary>
/// <param name="FileName">Without its ending.</param>
/// <param name="Title">Also the alternative text in the report.</param>
/// <param name="Draw">Null when there is nothing to show.</param>
internal sealed record Figure(string FileName, string Title, Func<IReadOnlyList<Cell>, Caption, Svg?> Draw)
{
    /// <summary>In the order of the report.</summary>
    public static readonly Figure[] All =
    [
        new("histograms-predicted", "Latency until predicted, for each number of producers", (cells, caption) => Histograms.Draw(cells, EndPoint.Predicted, caption)),
        new("histograms-stored", "Latency until stored, for each number of producers", (cells, caption) => Histograms.Draw(cells, EndPoint.Stored, caption)),
        new("percentiles-predicted", "Percentiles until predicted, beside the predecessors'", (cells, caption) => PercentileCurves.Draw(cells, EndPoint.Predicted, caption)),
        new("percentiles-stored", "Percentiles until stored, beside the predecessors'", (cells, caption) => PercentileCurves.Draw(cells, EndPoint.Stored, caption)),
        new("ecdf-predicted", "Share of images predicted within a time", (cells, caption) => Ecdf.Draw(cells, EndPoint.Predicted, caption)),
        new("ecdf-stored", "Share of images stored within a time", (cells, caption) => Ecdf.Draw(cells, EndPoint.Stored, caption)),
        new("boxes-predicted", "Spread of latency until predicted", (cells, caption) => Boxes.Draw(cells, EndPoint.Predicted, caption)),
        new("boxes-stored", "Spread of latency until stored", (cells, caption) => Boxes.Draw(cells, EndPoint.Stored, caption)),
        new("spectrum-predicted", "The tail of latency until predicted", (cells, caption) => Spectrum.Draw(cells, EndPoint.Predicted, caption)),
        new("spectrum-stored", "The tail of latency until stored", (cells, caption) => Spectrum.Draw(cells, EndPoint.Stored, caption)),
        new("stages", "Where the time goes", StageStack.Draw),
        new("over-time", "Latency until stored over the run", OverTime.Draw),
        new("offered-rate", "Latency until stored against offered rate", OfferedRate.Draw),
    ];
}

/// <summary>What every picture says of itself at its foot.</summary>
internal sealed record Caption(string Text)
{
    /// <summary>Height that the caption and a margin need below the axes' labels.</summary>
    public const double Height = 26;

    public void Draw(Svg svg) => svg.Text(svg.Width - 12, svg.Height - 9, Text, 11, "end", Palette.Faint);
}
