using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$unionWith</c>: after its own input, the documents of another collection, through a pipeline if one is given.</summary>
internal sealed class UnionWith(string collection, Pipeline pipeline) : Stage
{
    public override FieldUse Uses => FieldUse.None;

    public static UnionWith Parse(RawValue spec, Variables variables)
    {
        if (spec.IsString)
        {
            return new(spec.Text, Pipeline.Parse([5, 0, 0, 0, 0], variables));
        }
        var collection = spec.Field("coll"u8);
        var stages = spec.Field("pipeline"u8);
        if (!collection.IsString)
        {
            throw new CommandException(40414, "BSON field '$unionWith.coll' is missing but a required field");
        }
        return new(collection.Text, Pipeline.ParseInner(stages.IsArray ? stages.Bytes : [5, 0, 0, 0, 0], variables, "$unionWith"));
    }

    public override StageRun Start(StageRun next, IPipelineContext context) => new Run(this, next, context);

    private string Collection => collection;

    private Pipeline Inner => pipeline;

    private sealed class Run(UnionWith stage, StageRun next, IPipelineContext context) : StageRun
    {
        private bool _full;

        public override bool Accept(ReadOnlySpan<byte> document) => !(_full = !next.Accept(document));

        public override void Finish()
        {
            if (!_full)
            {
                var inner = stage.Inner.Start(next, context);
                var documents = stage.Inner.Source is { Documents: { } given } ? given : context.Read(stage.Collection);
                foreach (var document in documents)
                {
                    if (!inner.Accept(document.Span))
                    {
                        break;
                    }
                }
                // Finishing the inner pipeline finishes what comes after it, too.
                inner.Finish();
                return;
            }
            next.Finish();
        }
    }
}
