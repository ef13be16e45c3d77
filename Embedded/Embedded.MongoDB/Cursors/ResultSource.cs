namespace Embedded.MongoDB.Cursors;

/// <summary>Documents on their way to a client, a batch at a time.</summary>
internal abstract class ResultSource : IDisposable
{
    /// <summary>Adds documents until the batch is full or there are no more.</summary>
    /// <returns>True: there are no more. A full batch looks one document ahead, so that the last one is known as the last.</returns>
    public abstract ValueTask<bool> FillAsync(Batch batch, CommandCall call);

    public virtual void Dispose()
    {
    }
}
