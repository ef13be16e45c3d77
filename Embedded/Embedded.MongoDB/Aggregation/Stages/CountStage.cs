using System.Text;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$count</c>: one document with the number, or none when there was nothing to count.</summary>
internal sealed class CountStage(string name) : Stage
{
    public override FieldUse Uses => FieldUse.None;

    public override bool IsClosed => true;

    public static CountStage Parse(RawValue spec)
    {
        if (!spec.IsString)
        {
            throw new CommandException(40156, "the count field must be a non-empty string");
        }
        var name = spec.Text;
        if (name.Length == 0)
        {
            throw new CommandException(40157, "the count field must be a non-empty string");
        }
        if (name[0] == '$')
        {
            throw new CommandException(40158, "the count field cannot be a $-prefixed path");
        }
        if (name.Contains('\0'))
        {
            throw new CommandException(40159, "the count field cannot contain a null byte");
        }
        return name.Contains('.') ? throw new CommandException(40160, "the count field cannot contain '.'") : new(name);
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(Encoding.UTF8.GetBytes(name), next);

    private sealed class Run(byte[] name, StageRun next) : StageRun
    {
        private long _count;

        public override bool Accept(ReadOnlySpan<byte> document)
        {
            _count++;
            return true;
        }

        public override void Finish()
        {
            if (_count > 0)
            {
                var output = new BsonBuffer();
                var start = output.BeginDocument();
                if (_count <= int.MaxValue)
                {
                    output.WriteInt32(name, (int)_count);
                }
                else
                {
                    output.WriteInt64(name, _count);
                }
                output.EndDocument(start);
                next.Accept(output.Written);
            }
            next.Finish();
        }
    }
}
