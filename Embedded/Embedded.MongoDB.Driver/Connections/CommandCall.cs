using Embedded.MongoDB.Protocol.Bson;
using Embedded.MongoDB.Protocol.Wire;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>One command on its way to a server: its body, and for bulk writes the documents beside it.</summary>
/// <param name="Database">The database it is for.</param>
/// <param name="Body">The command; its first field is its name.</param>
internal sealed record CommandCall(string Database, BsonDocument Body)
{
    /// <summary>The field of the command that the documents beside it stand for.</summary>
    public string? SequenceName { get; init; }

    /// <summary>Writes the documents beside the command straight into the message.</summary>
    public Action<PooledBuffer>? WriteSequence { get; init; }

    /// <summary>True asks the server not to reply.</summary>
    public bool WantsNoReply { get; init; }

    public string Name => Body.GetElement(0).Name;

    public void Write(PooledBuffer output, int requestId)
    {
        var message = OpMessage.Begin(output, requestId, responseTo: 0, WantsNoReply ? OpMessageFlags.MoreToCome : OpMessageFlags.None);
        var writer = new BsonWriter(output);
        var body = writer.BeginDocument();
        foreach (var element in Body)
        {
            writer.WriteHeader(element.Value.BsonType, element.Name);
            BsonObjectWriter.WriteValue(writer, element.Value);
        }
        writer.WriteString("$db"u8, Database);
        writer.EndDocument(body);

        if (SequenceName is not null)
        {
            var sequence = OpMessage.BeginSequence(output, SequenceName);
            WriteSequence!(output);
            OpMessage.EndSequence(output, sequence);
        }
        OpMessage.End(output, message);
    }
}
