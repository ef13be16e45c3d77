namespace MongoDB.Bson.IO;

/// <summary>How JSON is written.</summary>
public class JsonWriterSettings
{
    /// <summary>Relaxed, on one line.</summary>
    public static JsonWriterSettings Defaults { get; set; } = new();

    /// <summary>One line for each element.</summary>
    public bool Indent { get; set; }

    /// <summary>What one level of indentation is. Two spaces unless set.</summary>
    public string IndentChars { get; set; } = "  ";

    /// <summary>What a line ends in.</summary>
    public string NewLineChars { get; set; } = "\n";

    public JsonOutputMode OutputMode { get; set; } = JsonOutputMode.RelaxedExtendedJson;
}
