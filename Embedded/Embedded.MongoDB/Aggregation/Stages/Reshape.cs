using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$project $addFields $set $unset</c>: each document comes out in another shape.</summary>
internal sealed class Reshape(Projection projection, FieldUse uses, bool isClosed) : Stage
{
    public override FieldUse Uses => uses;

    public override bool IsClosed => isClosed;

    public static Reshape ParseProject(RawValue spec, Variables variables)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(15969, "$project specification must be an object");
        }
        if (Elements.IsEmpty(spec.Bytes))
        {
            throw new CommandException(51272, "Invalid $project :: caused by :: projection specification must have at least one field");
        }
        var projection = ProjectionParser.Parse(spec.Bytes, variables, ofFind: false);
        return projection.Uses.IsAll ? new(projection, FieldUse.None, false) : new(projection, projection.Uses, true);
    }

    public static Reshape ParseAddFields(string name, RawValue spec, Variables variables)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(40272, $"{name} specification stage must be an object, got {TypeName.Of(spec.Type)}");
        }
        if (Elements.IsEmpty(spec.Bytes))
        {
            throw new CommandException(40177, $"Invalid {name} :: caused by :: specification must have at least one field");
        }
        return new(ProjectionParser.ParseAdditions(spec.Bytes, variables), FieldUse.None, false);
    }

    public static Reshape ParseUnset(RawValue spec, Variables variables)
    {
        var output = new BsonBuffer();
        var start = output.BeginDocument();
        if (spec.IsString)
        {
            output.WriteElement(spec.Utf8, RawValue.False);
        }
        else if (spec.IsArray && !Elements.IsEmpty(spec.Bytes))
        {
            var elements = new Elements(spec.Bytes);
            while (elements.MoveNext())
            {
                if (!elements.Value.IsString)
                {
                    throw new CommandException(31120, "$unset specification must be a string or an array containing only string values");
                }
                output.WriteElement(elements.Value.Utf8, RawValue.False);
            }
        }
        else { throw new CommandException(31002, "$unset specification must be a string or an array"); }
        output.EndDocument(start);
        return new(ProjectionParser.Parse(output.Written, variables, ofFind: false), FieldUse.None, false);
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(projection, next);

    private sealed class Run(Projection projection, StageRun next) : StageRun
    {
        private readonly Projection.Evaluator _evaluator = projection.CreateEvaluator();

        public override bool Accept(ReadOnlySpan<byte> document) => next.Accept(projection.Apply(document, _evaluator));

        public override void Finish() => next.Finish();
    }
}
