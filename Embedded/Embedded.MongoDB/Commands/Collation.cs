using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>Strings compare by their bytes. Another collation is refused: results in the wrong order would be worse than none.</summary>
internal static class Collation
{
    /// <exception cref="CommandException">2: any locale but "simple".</exception>
    public static void Check(RawValue collation)
    {
        if (collation.IsNullish || (collation.IsDocument && Elements.IsEmpty(collation.Bytes)))
        {
            return;
        }

        var locale = collation.Field("locale"u8);
        if (!locale.IsString || !locale.Utf8.SequenceEqual("simple"u8))
        {
            throw new CommandException(ErrorCode.BadValue, "collation is not supported here, only the locale 'simple'");
        }
    }
}
