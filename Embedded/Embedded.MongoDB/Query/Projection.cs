using System.Buffers;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query;

/// <summary>
/// Which fields of a document come out, and what else is computed beside them: <c>find</c>'s projection and the stages that reshape.
/// </summary>
/// <remarks>
/// What comes out is in the document's order; computed fields that were not there follow in the order of the
/// specification. Start reading at <see cref="ProjectionNode"/>.
/// </remarks>
internal sealed class Projection
{
    private readonly ProjectionNode _root;
    private readonly ExpressionScope _scope;
    private Evaluator? _spare;

    internal Projection(ProjectionNode root, ExpressionScope scope)
    {
        _root = root;
        _scope = scope;
        var named = FieldUse.Of(
            root.Children.Where(child => root.Mode != ProjectionMode.Exclude || child.Change is not null || child.Children.Count > 0)
                .SelectMany(PathsOf));
        Uses = root.Mode == ProjectionMode.Include ? named.Union(scope.Uses) : FieldUse.All;
        Excluded = root.Mode != ProjectionMode.Exclude
            ? []
            : [.. root.Children.Where(child => child.IsExcluded).Select(child => child.Name)];
    }

    /// <summary>The fields that may come out or are looked at. For an exclusion that is all, except <see cref="Excluded"/>.</summary>
    public FieldUse Uses { get; }

    /// <summary>Top-level fields that are left out and so need not be read.</summary>
    public IReadOnlyList<string> Excluded { get; }

    /// <summary>Whether <see cref="Apply"/> needs the position that the filter matched (<c>"a.$": 1</c>).</summary>
    public bool NeedsPosition { get; internal init; }

    /// <summary>The projection of <c>find</c> and <c>findAndModify</c>.</summary>
    /// <exception cref="CommandException">31249, 31253, 31254 and others: the specification contradicts itself.</exception>
    public static Projection Parse(ReadOnlySpan<byte> spec, Variables? variables = null) =>
        ProjectionParser.Parse(spec, variables ?? Variables.None, ofFind: true);

    private static IEnumerable<string> PathsOf(ProjectionNode node) =>
        node.IsLeaf ? [node.Name] : node.Children.Select(child => $"{node.Name}.{child.Name}");

    /// <summary>Writes the document as it comes out.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="position">What the filter's match found for the positional <c>$</c>; −1 for nothing.</param>
    public void Apply(ReadOnlySpan<byte> document, IBufferWriter<byte> output, int position = -1)
    {
        var evaluator = Interlocked.Exchange(ref _spare, null) ?? new Evaluator(_scope);
        output.Write(evaluator.Run(_root, document, position));
        _spare = evaluator;
    }

    /// <summary>For one thread that applies the projection again and again.</summary>
    internal Evaluator CreateEvaluator() => new(_scope);

    internal ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> document, Evaluator evaluator) => evaluator.Run(_root, document, -1);

    /// <summary>The buffers of a projection at work.</summary>
    internal sealed class Evaluator(ExpressionScope scope)
    {
        private readonly BsonBuffer _output = new();
        private readonly Evaluation _evaluation = new(scope);

        public ReadOnlySpan<byte> Run(ProjectionNode root, ReadOnlySpan<byte> document, int position)
        {
            _output.Clear();
            _evaluation.Begin(document);
            new ProjectionWriter(document, _evaluation, _output, position).WriteDocument(document, root);
            return _output.Written;
        }
    }
}
