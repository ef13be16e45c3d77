using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>A hint that outlives the message it came in, as a document of one field.</summary>
internal static class Hint
{
    public static byte[] Keep(RawValue hint)
    {
        if (hint.IsNullish || (hint.IsDocument && Elements.IsEmpty(hint.Bytes)))
        {
            return [];
        }

        var kept = new BsonBuffer();
        var start = kept.BeginDocument();
        kept.WriteElement("hint"u8, hint);
        kept.EndDocument(start);
        return kept.ToArray();
    }

    public static RawValue Restore(byte[] kept) => kept.Length == 0 ? RawValue.Missing : Elements.Find(kept, "hint"u8);
}
