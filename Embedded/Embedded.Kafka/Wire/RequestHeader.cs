namespace Embedded.Kafka.Wire;

/// <summary>
/// What every request begins with: <c>api_key:i16 api_version:i16 correlation_id:i32 client_id:str?</c>, and tags where
/// the API's version is flexible. The client id keeps its two-byte length in both forms.
/// </summary>
internal readonly record struct RequestHeader(short ApiKey, short ApiVersion, int CorrelationId)
{
    /// <summary>Shortest frame that can hold a header: key, version, correlation id and a null client id.</summary>
    public const int MinBytes = 10;

    /// <summary>Reads the part whose layout is the same for every API and version.</summary>
    public static RequestHeader Read(ref WireReader reader) => new(reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt32());
}
