namespace Pipeline.Producer.Sources;

/// <summary>Something that shows pictures: a folder, an archive, a camera with an address.</summary>
internal interface IPictureSource
{
    /// <summary>
    /// Shows what there is, and ends where it ends; whoever reads begins again. A frame is valid until the next is asked for. What goes wrong with
    /// one picture is told in its frame; an exception is about the source, which is tried again later.
    /// </summary>
    /// <param name="pace">When pictures are due.</param>
    /// <param name="cancellationToken">Ends it, also while it waits.</param>
    /// <exception cref="SourceAwayException">It is not there, or has gone, in words for people; any other exception says the same.</exception>
    IAsyncEnumerable<Frame> ReadAsync(Pace pace, CancellationToken cancellationToken);
}

/// <summary>A source that cannot be read, now.</summary>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class SourceAwayException(string message, Exception? innerException = null) : Exception(message, innerException);
