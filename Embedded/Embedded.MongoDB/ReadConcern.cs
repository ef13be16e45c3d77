using Embedded.MongoDB.Values;

namespace Embedded.MongoDB;

/// <summary>
/// One server, and readers see what is committed: local, available and majority are the same here. The stronger levels
/// need a replica set, and promising them silently would be a lie.
/// </summary>
internal static class ReadConcern
{
    /// <exception cref="CommandException">The level is not kept here.</exception>
    public static void Check(CommandCall call)
    {
        var concern = call.Argument("readConcern"u8);
        if (!concern.IsDocument)
        {
            return;
        }

        var level = Elements.Find(concern.Bytes, "level"u8);
        if (level.IsMissing)
        {
            return;
        }

        var text = level.IsString ? level.Text : "";
        switch (text)
        {
            case "local" or "available" or "majority":
                return;
            case "linearizable" or "snapshot":
                throw new CommandException(ErrorCode.NotAReplicaSet, $"read concern {text} needs a replica set");
            default:
                throw new CommandException(ErrorCode.FailedToParse, $"unknown read concern level '{text}'");
        }
    }
}
