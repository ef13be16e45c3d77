namespace MongoDB.Driver;

/// <summary>How an index is created.</summary>
public class CreateOneIndexOptions
{
    /// <summary>The server gives up after this time.</summary>
    public TimeSpan? MaxTime { get; set; }
}
