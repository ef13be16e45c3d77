using System.Buffers.Binary;
using MongoDB.Bson;

namespace Embedded.MongoDB.Bson;

/// <summary>
/// Checks a document once, when it comes in: every length inside its parent, every end byte, every type known, booleans 0 or 1,
/// at most <see cref="BsonLayout.MaxNestingDepth"/> levels. Without recursion, so depth costs four bytes and never the stack.
/// UTF-8 is not checked: the server stores what it is given, and the driver checks when it decodes.
/// </summary>
internal static class BsonValidator
{
    /// <summary>Checks that <paramref name="document"/> is one document and nothing more.</summary>
    /// <exception cref="FormatException">It is not; the message says why.</exception>
    public static void Validate(ReadOnlySpan<byte> document)
    {
        if (Find(document) is { } problem)
        {
            throw BsonCursor.Malformed(problem);
        }
    }

    /// <summary>What is wrong with <paramref name="document"/>, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> document)
    {
        Span<int> ends = stackalloc int[BsonLayout.MaxNestingDepth + 1];
        if (document.Length < BsonLayout.MinDocumentBytes || BinaryPrimitives.ReadInt32LittleEndian(document) != document.Length)
        {
            return "a document's length does not agree with its bytes";
        }

        if (document[^1] != 0)
        {
            return "a document does not end in a zero byte";
        }

        var depth = 0;
        ends[0] = document.Length;
        for (var position = 4; ;)
        {
            var last = ends[depth] - 1;
            var type = (BsonType)document[position++];
            if (type == BsonType.EndOfDocument)
            {
                if (position != last + 1)
                {
                    return "a document ends before its length says so";
                }

                if (depth-- == 0)
                {
                    return null;
                }

                continue;
            }

            var nameLength = position <= last ? document[position..last].IndexOf((byte)0) : -1;
            if (nameLength < 0)
            {
                return "an element's name has no end";
            }

            position += nameLength + 1;

            var rest = document[position..last];
            var length = BsonLayout.ValueLength(type, rest);
            if (length < 0)
            {
                return $"a value of type 0x{(int)type:x2} is unknown or does not fit into its document";
            }

            var value = rest[..length];
            if (type is BsonType.Document or BsonType.Array or BsonType.JavaScriptWithScope)
            {
                var inner = 0;
                if (type == BsonType.JavaScriptWithScope && !TryFindScope(value, out inner))
                {
                    return "code with a scope has a wrong length";
                }

                if (value[^1] != 0)
                {
                    return "a document does not end in a zero byte";
                }

                if (++depth == ends.Length)
                {
                    return $"more than {BsonLayout.MaxNestingDepth} documents are nested";
                }

                ends[depth] = position + length;
                position += inner + 4;
                continue;
            }

            if (Misformed(type, value) is { } problem)
            {
                return problem;
            }

            position += length;
        }
    }

    private static string? Misformed(BsonType type, ReadOnlySpan<byte> value) => type switch
    {
        BsonType.Boolean when value[0] > 1 => "a boolean is 0 or 1",
        BsonType.String or BsonType.Symbol or BsonType.JavaScript when value[^1] != 0 => "a string does not end in a zero byte",
        BsonLayout.DbPointer when value[^13] != 0 => "a string does not end in a zero byte",
        BsonType.Binary when value[4] == (byte)BsonLayout.OldBinary
            && (value.Length < 9 || BinaryPrimitives.ReadInt32LittleEndian(value[5..]) != value.Length - 9) =>
                "the two lengths of old binary data do not agree",
        _ => null,
    };

    /// <summary>Where the scope begins: after the total and the code; it must fill the rest exactly.</summary>
    internal static bool TryFindScope(ReadOnlySpan<byte> value, out int start)
    {
        start = 0;
        var codeLength = BsonLayout.ValueLength(BsonType.String, value[4..]);
        if (codeLength < 0 || value[4 + codeLength - 1] != 0)
        {
            return false;
        }

        start = 4 + codeLength;
        return value.Length - start >= BsonLayout.MinDocumentBytes
            && BinaryPrimitives.ReadInt32LittleEndian(value[start..]) == value.Length - start;
    }
}
