using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Expressions.Accumulators;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary>
/// <c>$group</c>: one document per distinct <c>_id</c>, in the order in which they were first seen. Of each document it
/// reads just the fields that its expressions name.
/// </summary>
internal sealed class Group : Stage
{
    private readonly ExpressionScope _scope;
    private readonly Expression _id;
    private readonly (byte[] Name, string Accumulator, Expression Argument)[] _fields;

    private Group(ExpressionScope scope, Expression id, (byte[], string, Expression)[] fields) => (_scope, _id, _fields) = (scope, id, fields);

    public override FieldUse Uses => _scope.Uses;

    public override bool IsClosed => true;

    public static Group Parse(RawValue spec, Variables variables)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(15947, "a group's fields must be specified in an object");
        }
        var scope = new ExpressionScope(variables);
        Expression? id = null;
        var fields = new List<(byte[], string, Expression)>();
        var elements = new Elements(spec.Bytes);
        while (elements.MoveNext())
        {
            var name = Encoding.UTF8.GetString(elements.Name);
            if (name == "_id")
            {
                if (id is not null)
                {
                    throw new CommandException(15948, "a group's _id may only be specified once");
                }
                id = Expression.Parse(elements.Value, scope);
                continue;
            }
            if (name.Contains('.'))
            {
                throw new CommandException(40235, $"The field name '{name}' cannot contain '.'");
            }
            if (name.StartsWith('$'))
            {
                throw new CommandException(40236, $"The field name '{name}' cannot be an operator name");
            }
            fields.Add((elements.Name.ToArray(), AccumulatorOf(name, elements.Value), ArgumentOf(elements.Value, scope)));
        }
        return new(scope, id ?? throw new CommandException(15955, "a group specification must include an _id"), [.. fields]);
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(this, next);

    private static string AccumulatorOf(string field, RawValue spec)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(40234, $"The field '{field}' must be an accumulator object");
        }
        var elements = new Elements(spec.Bytes);
        if (!elements.MoveNext())
        {
            throw new CommandException(40234, $"The field '{field}' must be an accumulator object");
        }
        var name = Encoding.UTF8.GetString(elements.Name);
        if (elements.End != spec.Bytes.Length - 1)
        {
            throw new CommandException(40238, $"The field '{field}' must specify one accumulator");
        }
        if (!name.StartsWith('$'))
        {
            throw new CommandException(40234, $"The field '{field}' must be an accumulator object");
        }
        if (!AccumulatorTable.Contains(name))
        {
            throw new CommandException(15952, $"unknown group operator '{name}'");
        }
        if (elements.Type == BsonType.Array && Elements.Count(elements.ValueBytes) != 1)
        {
            throw new CommandException(40237, $"The {name} accumulator is a unary operator");
        }
        if (name == "$count" && !(elements.Value.IsDocument && Elements.IsEmpty(elements.ValueBytes)))
        {
            throw new CommandException(ErrorCode.TypeMismatch, "$count takes no arguments, i.e. $count:{}");
        }
        return name;
    }

    private static Expression ArgumentOf(RawValue spec, ExpressionScope scope)
    {
        var elements = new Elements(spec.Bytes);
        elements.MoveNext();
        // A list of one is that one: {$sum: ["$a"]}.
        return Expression.Parse(elements.Type == BsonType.Array ? Elements.At(elements.ValueBytes, 0) : elements.Value, scope);
    }

    private sealed class Run(Group group, StageRun next) : StageRun
    {
        private const long MaxBytes = 512L * 1024 * 1024;

        private readonly Evaluation _evaluation = new(group._scope);
        private readonly KeyTable<State> _states = new();
        private readonly List<State> _inOrder = [];
        private readonly (Expression Argument, int Index)[] _arguments = [.. group._fields.Select((field, index) => (field.Argument, index))];
        private long _bytes;

        public override bool Accept(ReadOnlySpan<byte> document)
        {
            _evaluation.Begin(document);
            var id = group._id.Evaluate(document, _evaluation);
            if (id.IsMissing)
            {
                id = RawValue.Null;
            }
            ref var state = ref _states.Entry(id, out var existed);
            if (!existed)
            {
                state = new(StoredValue.Copy(id), Array.ConvertAll(group._fields, field => AccumulatorTable.Create(field.Accumulator)));
                _inOrder.Add(state);
                _bytes += (2 * id.Bytes.Length) + 256;
                if (_bytes > MaxBytes)
                {
                    throw new CommandException(ErrorCode.ExceededMemoryLimit,
                        $"Exceeded memory limit for $group: more than {MaxBytes} bytes of groups, and there is no spilling to disk");
                }
            }
            var accumulators = state!.Accumulators;
            foreach (var (argument, index) in _arguments)
            {
                accumulators[index].Add(argument.Evaluate(document, _evaluation));
            }
            return true;
        }

        public override void Finish()
        {
            var output = new BsonBuffer();
            foreach (var state in _inOrder)
            {
                output.Clear();
                var start = output.BeginDocument();
                output.WriteElement("_id"u8, state.Id.Raw);
                for (var i = 0; i < state.Accumulators.Length; i++)
                {
                    state.Accumulators[i].Write(group._fields[i].Name, output);
                }
                output.EndDocument(start);
                if (!next.Accept(output.Written))
                {
                    break;
                }
            }
            next.Finish();
        }
    }

    private sealed record State(StoredValue Id, Accumulator[] Accumulators);
}
