namespace Pipeline.Contracts;

/// <summary>NaN and Infinity are no JSON, and Python writes them all the same, mostly into fields that nobody here reads.</summary>
internal static class JsonNumbers
{
    private static readonly string[] Words = ["NaN", "-Infinity", "Infinity"];

    /// <summary>The text with null in their place; null where there are none.</summary>
    public static byte[]? WithoutNaN(ReadOnlySpan<byte> json)
    {
        List<byte>? repaired = null;
        var (isInString, from) = (false, 0);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == (byte)'"')
            {
                isInString = !isInString;
            }
            else if (isInString && json[i] == (byte)'\\')
            {
                i++;                                         // what is escaped ends no string
            }
            else if (!isInString && LengthOfWord(json[i..]) is > 0 and var length)
            {
                repaired ??= new List<byte>(json.Length);
                repaired.AddRange(json[from..i]);
                repaired.AddRange("null"u8);
                from = i + length;
                i = from - 1;
            }
        }
        repaired?.AddRange(json[from..]);
        return repaired?.ToArray();
    }

    private static int LengthOfWord(ReadOnlySpan<byte> json)
    {
        foreach (var word in Words)
        {
            if (json.Length >= word.Length && System.Text.Ascii.Equals(json[..word.Length], word))
            {
                return word.Length;
            }
        }

        return 0;
    }
}
