namespace MongoDB.Bson;

/// <summary>The types of BSON by the byte that stands in front of an element.</summary>
public enum BsonType
{
    /// <summary>Not a type: the byte that ends a document.</summary>
    EndOfDocument = 0x00,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 0x01,

    /// <summary>UTF-8 text.</summary>
    String = 0x02,

    /// <summary>A document inside a document.</summary>
    Document = 0x03,

    /// <summary>A document whose names are "0", "1", ….</summary>
    Array = 0x04,

    /// <summary>Bytes with a subtype.</summary>
    Binary = 0x05,

    /// <summary>Deprecated, preserved.</summary>
    Undefined = 0x06,

    /// <summary>Twelve bytes that are unique.</summary>
    ObjectId = 0x07,

    /// <summary>True or false.</summary>
    Boolean = 0x08,

    /// <summary>Milliseconds since 1970, UTC.</summary>
    DateTime = 0x09,

    /// <summary>Null.</summary>
    Null = 0x0a,

    /// <summary>A pattern and its options.</summary>
    RegularExpression = 0x0b,

    /// <summary>Code.</summary>
    JavaScript = 0x0d,

    /// <summary>Deprecated, preserved; sorts with strings.</summary>
    Symbol = 0x0e,

    /// <summary>Code and a document of variables.</summary>
    JavaScriptWithScope = 0x0f,

    /// <summary>A signed integer of 32 bits.</summary>
    Int32 = 0x10,

    /// <summary>Seconds and an increment, both unsigned; the server's own clock, not a date.</summary>
    Timestamp = 0x11,

    /// <summary>A signed integer of 64 bits.</summary>
    Int64 = 0x12,

    /// <summary>IEEE 754-2008 decimal, 34 digits.</summary>
    Decimal128 = 0x13,

    /// <summary>Sorts below everything.</summary>
    MinKey = 0xff,

    /// <summary>Sorts above everything.</summary>
    MaxKey = 0x7f,
}
