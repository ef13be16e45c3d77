using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$unwind</c>: a document for each element of an array; what is no array counts as one element.</summary>
internal sealed class Unwind(FieldPath path, byte[]? index, bool keepEmpty) : Stage
{
    public override FieldUse Uses { get; } = FieldUse.Of([path.Root]);

    public static Unwind Parse(RawValue spec)
    {
        if (spec.IsString)
        {
            return new(PathOf(spec), null, false);
        }
        if (!spec.IsDocument)
        {
            throw new CommandException(
                15981, $"expected either a string or an object as specification for $unwind stage, got {TypeName.Of(spec.Type)}");
        }
        FieldPath? path = null;
        byte[]? index = null;
        var keepEmpty = false;
        var elements = new Elements(spec.Bytes);
        while (elements.MoveNext())
        {
            switch (Encoding.UTF8.GetString(elements.Name))
            {
                case "path": path = PathOf(elements.Value); break;
                case "includeArrayIndex":
                    if (!elements.Value.IsString || elements.Value.Utf8.IsEmpty)
                    {
                        throw new CommandException(28810, "expected a non-empty string for the includeArrayIndex option to $unwind stage");
                    }
                    if (elements.Value.Utf8[0] == '$')
                    {
                        throw new CommandException(28822, "includeArrayIndex option to $unwind stage should not be prefixed with a '$'");
                    }
                    index = elements.Value.Utf8.ToArray();
                    break;
                case "preserveNullAndEmptyArrays":
                    keepEmpty = elements.Type == BsonType.Boolean ? elements.Value.AsBoolean
                        : throw new CommandException(28809, "expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage");
                    break;
                case var other: throw new CommandException(28811, $"unrecognized option to $unwind stage: {other}");
            }
        }
        return new(path ?? throw new CommandException(28812, "no path specified to $unwind stage"), index, keepEmpty);
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(path, index, keepEmpty, next);

    private static FieldPath PathOf(RawValue value)
    {
        if (!value.IsString || value.Utf8.IsEmpty)
        {
            throw new CommandException(28808, "expected a string as the path for $unwind stage");
        }
        if (value.Utf8[0] != '$')
        {
            throw new CommandException(28818, $"path option to $unwind stage should be prefixed with a '$': {value.Text}");
        }
        return new FieldPath(string.Join('.', ExpressionParser.Parts(value.Text[1..])));
    }

    private sealed class Run(FieldPath path, byte[]? index, bool keepEmpty, StageRun next) : StageRun
    {
        private readonly BsonBuffer _output = new();

        public override bool Accept(ReadOnlySpan<byte> document)
        {
            var value = path.Find(document);
            if (!value.IsArray)
            {
                return value.IsNullish && !keepEmpty || Pass(document, value, -1);
            }
            var elements = new Elements(value.Bytes);
            var i = 0;
            for (; elements.MoveNext(); i++)
            {
                if (!Pass(document, elements.Value, i))
                {
                    return false;
                }
            }
            return i > 0 || !keepEmpty || Pass(document, RawValue.Missing, -1);
        }

        public override void Finish() => next.Finish();

        private bool Pass(ReadOnlySpan<byte> document, RawValue value, int at)
        {
            _output.Clear();
            var start = _output.BeginDocument();
            Copy(document, 0, value);
            if (index is not null)
            {
                if (at >= 0)
                {
                    _output.WriteInt64(index, at);
                }
                else
                {
                    _output.WriteElement(index, RawValue.Null);
                }
            }
            _output.EndDocument(start);
            return next.Accept(_output.Written);
        }

        /// <summary>Copies the fields with the value put in place of the array.</summary>
        private void Copy(ReadOnlySpan<byte> document, int depth, RawValue value)
        {
            var elements = new Elements(document);
            var done = false;
            while (elements.MoveNext())
            {
                if (depth == 0 && index is not null && elements.Name.SequenceEqual(index))
                {
                    continue;
                }
                if (done || !elements.Name.SequenceEqual(path.Part(depth)))
                {
                    _output.Write(elements.Element);
                    continue;
                }
                done = true;
                if (depth + 1 == path.Length)
                {
                    _output.WriteElement(elements.Name, value);
                }
                else if (elements.Type == BsonType.Document)
                {
                    _output.BeginElement(BsonType.Document, elements.Name);
                    var start = _output.BeginDocument();
                    Copy(elements.ValueBytes, depth + 1, value);
                    _output.EndDocument(start);
                }
                else { _output.Write(elements.Element); }
            }
        }
    }
}
