using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$facet</c>: several pipelines over the same documents; one document with an array for each.</summary>
internal sealed class Facet(IReadOnlyList<(byte[] Name, Pipeline Pipeline)> facets) : Stage
{
    public override FieldUse Uses { get; } = facets.Aggregate(FieldUse.None, (uses, facet) => uses.Union(facet.Pipeline.Uses));

    public override bool IsClosed => true;

    public static Facet Parse(RawValue spec, Variables variables)
    {
        if (!spec.IsDocument || Elements.IsEmpty(spec.Bytes))
        {
            throw new CommandException(40169, "the $facet specification must be a non-empty object");
        }
        var facets = new List<(byte[], Pipeline)>();
        var elements = new Elements(spec.Bytes);
        while (elements.MoveNext())
        {
            var name = Encoding.UTF8.GetString(elements.Name);
            if (!elements.Value.IsArray)
            {
                throw new CommandException(40170, $"arguments to $facet must be arrays, {name} is type {TypeName.Of(elements.Type)}");
            }
            if (name.StartsWith('$'))
            {
                throw new CommandException(16410, $"FieldPath field names may not start with '$': {name}");
            }
            facets.Add((elements.Name.ToArray(), Pipeline.ParseInner(elements.ValueBytes, variables, "$facet")));
        }
        return new(facets);
    }

    public override StageRun Start(StageRun next, IPipelineContext context) =>
        new Run(facets, [.. facets.Select(facet => facet.Pipeline.Start(context))], next);

    private sealed class Run(IReadOnlyList<(byte[] Name, Pipeline Pipeline)> facets, PipelineRun[] runs, StageRun next) : StageRun
    {
        private readonly bool[] _full = new bool[runs.Length];

        public override bool Accept(ReadOnlySpan<byte> document)
        {
            var more = false;
            for (var i = 0; i < runs.Length; i++)
            {
                _full[i] = _full[i] || !runs[i].Accept(document);
                more |= !_full[i];
            }
            return more;
        }

        public override void Finish()
        {
            var output = new BsonBuffer();
            var start = output.BeginDocument();
            for (var i = 0; i < runs.Length; i++)
            {
                output.BeginElement(BsonType.Array, facets[i].Name);
                var array = output.BeginDocument();
                var count = 0;
                foreach (var result in runs[i].Finish())
                {
                    output.WriteItem(count++, RawValue.Document(result.Span));
                }
                output.EndDocument(array);
            }
            output.EndDocument(start);
            next.Accept(output.Written);
            next.Finish();
        }
    }
}
