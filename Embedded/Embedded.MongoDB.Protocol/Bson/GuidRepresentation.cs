namespace MongoDB.Bson;

/// <summary>The byte order of a UUID inside binary data.</summary>
public enum GuidRepresentation
{
    /// <summary>Not chosen; a <see cref="Guid"/> cannot be converted.</summary>
    Unspecified = 0,

    /// <summary>Subtype 4, the order of RFC 9562.</summary>
    Standard,

    /// <summary>Subtype 3, the first three groups little-endian.</summary>
    CSharpLegacy,

    /// <summary>Subtype 3, each half of eight bytes reversed.</summary>
    JavaLegacy,

    /// <summary>Subtype 3, the order of RFC 9562.</summary>
    PythonLegacy,
}
