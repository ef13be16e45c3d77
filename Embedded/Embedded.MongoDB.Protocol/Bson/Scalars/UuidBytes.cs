namespace MongoDB.Bson;

/// <summary>The four byte orders that programs have written UUIDs in.</summary>
internal static class UuidBytes
{
    public static BsonBinarySubType SubTypeOf(GuidRepresentation representation) => representation switch
    {
        GuidRepresentation.Standard => BsonBinarySubType.UuidStandard,
        GuidRepresentation.CSharpLegacy or GuidRepresentation.JavaLegacy or GuidRepresentation.PythonLegacy => BsonBinarySubType.UuidLegacy,
        _ => throw new InvalidOperationException("A Guid needs a representation other than Unspecified."),
    };

    public static byte[] From(Guid guid, GuidRepresentation representation)
    {
        var bytes = guid.ToByteArray(bigEndian: representation != GuidRepresentation.CSharpLegacy);
        ReverseForJava(bytes, representation);
        return bytes;
    }

    public static Guid ToGuid(byte[] bytes, GuidRepresentation representation)
    {
        var copy = bytes.ToArray();
        ReverseForJava(copy, representation);
        return new(copy, bigEndian: representation != GuidRepresentation.CSharpLegacy);
    }

    private static void ReverseForJava(byte[] bytes, GuidRepresentation representation)
    {
        if (representation != GuidRepresentation.JavaLegacy)
            return;
        bytes.AsSpan(0, 8).Reverse();
        bytes.AsSpan(8, 8).Reverse();
    }
}
