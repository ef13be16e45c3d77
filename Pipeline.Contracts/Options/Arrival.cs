namespace Pipeline.Contracts.Options;

/// <summary>How the images of several cameras follow each other.</summary>
public enum Arrival
{
    /// <summary>At even intervals, the cameras out of step with each other by an even share of one.</summary>
    Uniform,

    /// <summary>At even intervals, all cameras at once, as those with a common trigger do.</summary>
    Aligned,

    /// <summary>At random: gaps are exponential, as of cameras that something in front of them sets off.</summary>
    Poisson,
}
