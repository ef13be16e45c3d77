namespace MongoDB.Bson;

/// <summary>What the bytes of binary data are.</summary>
public enum BsonBinarySubType
{
    /// <summary>Any bytes.</summary>
    Binary = 0x00,

    /// <summary>A function.</summary>
    Function = 0x01,

    /// <summary>Deprecated: the bytes with their length in front once more.</summary>
    OldBinary = 0x02,

    /// <summary>A UUID whose byte order depends on the program that wrote it.</summary>
    UuidLegacy = 0x03,

    /// <summary>A UUID in the order of RFC 9562.</summary>
    UuidStandard = 0x04,

    /// <summary>An MD5 digest.</summary>
    MD5 = 0x05,

    /// <summary>Encrypted by a client.</summary>
    Encrypted = 0x06,

    /// <summary>A compressed column.</summary>
    Column = 0x07,

    /// <summary>Not to be logged.</summary>
    Sensitive = 0x08,

    /// <summary>A vector of numbers.</summary>
    Vector = 0x09,

    /// <summary>The first of those that users may define.</summary>
    UserDefined = 0x80,
}
