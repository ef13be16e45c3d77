using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary>
/// <c>$lookup</c> by equality: the documents of another collection whose field has a value that the local field has.
/// The other collection is read once, when the first document comes, and kept by value.
/// </summary>
internal sealed class Lookup(string from, FieldPath local, FieldPath foreign, byte[] result) : Stage
{
    private const long MaxBytes = 512L * 1024 * 1024;

    public override FieldUse Uses { get; } = FieldUse.Of([local.Root, Encoding.UTF8.GetString(result).Split('.')[0]]);

    public static Lookup Parse(RawValue spec, Variables variables)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(ErrorCode.FailedToParse, "the $lookup stage specification must be an object");
        }
        if (!spec.Field("pipeline"u8).IsMissing || !spec.Field("let"u8).IsMissing)
        {
            throw new CommandException(ErrorCode.NotImplemented, "$lookup with a pipeline is not supported by this server");
        }
        _ = variables;
        var name = Text(spec, "as"u8);
        return name.Contains('.')
            ? throw new CommandException(ErrorCode.NotImplemented, "$lookup into a nested field is not supported by this server")
            : new(Text(spec, "from"u8), new FieldPath(Text(spec, "localField"u8)), new FieldPath(Text(spec, "foreignField"u8)),
                Encoding.UTF8.GetBytes(name));
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(this, next, context);

    private static string Text(RawValue spec, ReadOnlySpan<byte> name)
    {
        var value = spec.Field(name);
        return value.IsString
            ? value.Text
            : throw new CommandException(ErrorCode.FailedToParse, $"$lookup argument '{Encoding.UTF8.GetString(name)}' must be a string");
    }

    private KeyTable<List<byte[]>> ReadForeign(IPipelineContext context)
    {
        var table = new KeyTable<List<byte[]>>();
        long bytes = 0;
        foreach (var document in context.Read(from))
        {
            var copy = document.ToArray();
            bytes += copy.Length;
            if (bytes > MaxBytes)
            {
                throw new CommandException(ErrorCode.ExceededMemoryLimit, $"$lookup from '{from}' would hold more than {MaxBytes} bytes");
            }
            foreach (var value in Values(copy, foreign))
            {
                ref var list = ref table.Entry(value.Raw, out _);
                list ??= [];
                if (list.Count == 0 || !ReferenceEquals(list[^1], copy))
                {
                    list.Add(copy);
                }
            }
        }
        return table;
    }

    /// <summary>The values that a path leads to: elements for an array, null for nothing.</summary>
    private static List<StoredValue> Values(ReadOnlySpan<byte> document, FieldPath path)
    {
        var collected = new Collect();
        var position = -1;
        path.Any(document, collected, ref position);
        return collected.Found;
    }

    /// <summary>Takes note of every value instead of picking one.</summary>
    private sealed class Collect : ValueTest
    {
        public List<StoredValue> Found { get; } = [];

        public override bool Test(RawValue value, ref int position)
        {
            Found.Add(StoredValue.Copy(value.IsNullish ? RawValue.Null : value));
            return false;
        }
    }

    private sealed class Run(Lookup stage, StageRun next, IPipelineContext context) : StageRun
    {
        private readonly BsonBuffer _output = new();
        private KeyTable<List<byte[]>>? _foreign;

        public override bool Accept(ReadOnlySpan<byte> document)
        {
            _foreign ??= stage.ReadForeign(context);
            _output.Clear();
            var start = _output.BeginDocument();
            var elements = new Elements(document);
            while (elements.MoveNext())
            {
                if (!elements.Name.SequenceEqual(stage.Result))
                {
                    _output.Write(elements.Element);
                }
            }
            _output.BeginElement(BsonType.Array, stage.Result);
            var array = _output.BeginDocument();
            var written = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
            foreach (var value in Values(document, stage.Local))
            {
                if (!_foreign.TryGet(value.Raw, out var matches))
                {
                    continue;
                }
                foreach (var match in matches)
                {
                    if (written.Add(match))
                    {
                        _output.WriteItem(written.Count - 1, RawValue.Document(match));
                    }
                }
            }
            _output.EndDocument(array);
            _output.EndDocument(start);
            return next.Accept(_output.Written);
        }

        public override void Finish() => next.Finish();
    }

    private byte[] Result => result;

    private FieldPath Local => local;
}
