using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Cursors;

/// <summary>
/// The documents of one reply, written into the reply as they come. Ends before it exceeds the size of one document, as
/// clients expect, but always takes the first.
/// </summary>
internal sealed class Batch(BsonWriter reply, long maxCount)
{
    private readonly int _start = reply.Output.Count;
    private int _elementStart;

    /// <summary>What a client gets in its first batch if it does not say.</summary>
    public const int DefaultFirstCount = 101;

    public int Count { get; private set; }

    public bool IsFull => Count >= maxCount;

    /// <summary>Begins a document, which the caller appends to <see cref="Output"/>.</summary>
    public void Begin()
    {
        _elementStart = reply.Output.Count;
        reply.WriteIndexHeader(BsonType.Document, Count);
    }

    public PooledBuffer Output => reply.Output;

    /// <summary>Ends the document that was begun.</summary>
    /// <returns>Null; or, where it does not fit any more, the document, taken back out.</returns>
    public byte[]? End()
    {
        if (Count > 0 && reply.Output.Count - _start > WireLimits.MaxDocumentBytes)
        {
            return TakeBack();
        }

        Count++;
        return null;
    }

    /// <summary>Takes the document that was begun back out.</summary>
    public byte[] TakeBack()
    {
        var headerLength = 2 + Count.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        var document = reply.Output.WrittenSpan[(_elementStart + headerLength)..].ToArray();
        reply.Output.Truncate(_elementStart);
        return document;
    }

    /// <summary>Adds a document; false where it does not fit any more.</summary>
    public bool Add(ReadOnlySpan<byte> document)
    {
        Begin();
        reply.Output.Write(document);
        return End() is null;
    }
}
