using Embedded.MongoDB.Bson;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>The statements of a batch that failed, each with its place in the batch; the others stand.</summary>
internal sealed class WriteErrors
{
    private readonly List<(int Index, CommandException Problem)> _errors = [];

    public void Add(int index, CommandException problem) => _errors.Add((index, problem));

    public void Write(BsonWriter reply)
    {
        if (_errors.Count == 0)
        {
            return;
        }

        var array = reply.BeginArray("writeErrors"u8);
        for (var i = 0; i < _errors.Count; i++)
        {
            reply.WriteIndexHeader(BsonType.Document, i);
            var start = reply.BeginDocument();
            reply.WriteInt32("index"u8, _errors[i].Index);
            ErrorMapping.WriteFields(reply, _errors[i].Problem);
            reply.EndDocument(start);
        }

        reply.EndDocument(array);
    }
}
