namespace MongoDB.Bson.IO;

/// <summary>How values that JSON does not have are written.</summary>
public enum JsonOutputMode
{
    /// <summary>As the shell does: <c>ObjectId("…")</c>, <c>ISODate("…")</c>.</summary>
    Shell,

    /// <summary>Extended JSON in which every type survives.</summary>
    CanonicalExtendedJson,

    /// <summary>Extended JSON for people: plain numbers and readable dates.</summary>
    RelaxedExtendedJson,
}
