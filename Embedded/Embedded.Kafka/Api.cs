namespace Embedded.Kafka;

/// <summary>A handler reads <see cref="Call.Body"/>, decides, and writes <see cref="Call.Reply"/>.</summary>
internal delegate ValueTask ApiHandler(Call call);

/// <summary>A row of <see cref="ApiTable"/>.</summary>
/// <param name="FlexibleFrom">First version with compact forms and tagged fields; <see cref="ApiTable.Never"/> if there is none.</param>
internal sealed record Api(short Key, string Name, short MinVersion, short MaxVersion, short FlexibleFrom, ApiHandler HandleAsync)
{
    public bool Supports(short version) => version >= MinVersion && version <= MaxVersion;

    public bool IsFlexible(short version) => version >= FlexibleFrom;
}
