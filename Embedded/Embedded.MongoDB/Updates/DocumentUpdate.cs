using System.Buffers;
using System.Text;
using Embedded.MongoDB.Aggregation;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Updates;

/// <summary>
/// What an update does to a document, in one of its three forms: operators (<c>{$set: …}</c>), a replacement, or a
/// pipeline. Taken apart once, applied to any number of documents from any thread; a document is rewritten in one pass.
/// </summary>
internal sealed class DocumentUpdate
{
    private const int MaxDocumentBytes = 16 * 1024 * 1024;

    private readonly UpdateNode? _root;
    private readonly byte[]? _replacement;
    private readonly Pipeline? _pipeline;
    private readonly Dictionary<string, Filter> _arrayFilters = [];
    private readonly IReadOnlyList<FieldPath> _moved = [];
    private readonly Variables _variables;
    private readonly bool _touchesId;

    private DocumentUpdate(UpdateParser parser, Variables variables)
    {
        _root = parser.Root;
        _arrayFilters = parser.ArrayFilters;
        _moved = parser.Moved;
        _variables = variables;
        _touchesId = _root.Find("_id"u8) >= 0;
        NeedsPosition = Any(_root, node => node.Place == Place.Matched);
        Uses = FieldUse.Of(_root.Children.Select(child => child.Name).Concat(_moved.Select(path => path.Root)));
    }

    private DocumentUpdate(byte[] replacement, Variables variables)
    {
        _replacement = replacement;
        _variables = variables;
        Uses = FieldUse.Of(["_id"]);
    }

    private DocumentUpdate(Pipeline pipeline, Variables variables)
    {
        _pipeline = pipeline;
        _variables = variables;
        Uses = FieldUse.All;
    }

    public bool IsReplacement => _replacement is not null;

    public bool IsPipeline => _pipeline is not null;

    /// <summary>Whether a path has the positional <c>$</c>, which only the filter's match can resolve.</summary>
    public bool NeedsPosition { get; }

    /// <summary>The fields whose values the update looks at or writes; the others pass through as they are.</summary>
    public FieldUse Uses { get; }

    /// <param name="spec">A document: operators, or a replacement.</param>
    /// <param name="arrayFilters">The array of array filters; empty for none.</param>
    public static DocumentUpdate Parse(ReadOnlySpan<byte> spec, ReadOnlySpan<byte> arrayFilters = default) =>
        Parse(RawValue.Document(spec), arrayFilters.IsEmpty ? default : RawValue.Array(arrayFilters));

    /// <param name="spec">A document, or an array of stages.</param>
    /// <param name="arrayFilters">An array of filters; missing for none.</param>
    /// <param name="variables">What <c>let</c> (or an update's <c>c</c>) defines.</param>
    /// <exception cref="CommandException">9, 40, 52, 56 and others: the update cannot be understood.</exception>
    public static DocumentUpdate Parse(RawValue spec, RawValue arrayFilters = default, Variables? variables = null)
    {
        variables ??= Variables.None;
        if (spec.IsArray)
        {
            if (!arrayFilters.IsMissing)
            {
                throw new CommandException(ErrorCode.FailedToParse, "Cannot specify arrayFilters when pipeline update is specified");
            }
            return new(Pipeline.ParseUpdate(spec.Bytes, variables), variables);
        }
        if (!spec.IsDocument)
        {
            throw new CommandException(ErrorCode.FailedToParse, "An update must be an object or an array of stages");
        }

        var elements = new Elements(spec.Bytes);
        if (elements.MoveNext() && elements.Name is [(byte)'$', ..])
        {
            var parser = new UpdateParser(variables);
            parser.ParseArrayFilters(arrayFilters);
            parser.Parse(spec.Bytes);
            return new(parser, variables);
        }
        if (!arrayFilters.IsMissing)
        {
            throw new CommandException(ErrorCode.FailedToParse, "Cannot specify arrayFilters with a replacement document");
        }
        RefuseOperators(spec.Bytes);
        return new(spec.Bytes.ToArray(), variables);
    }

    /// <summary>Applies the update to a document.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="output">Receives the document as it becomes, if it changes.</param>
    /// <param name="isInsert">Whether the document is a new one, so that <c>$setOnInsert</c> counts.</param>
    /// <param name="position">What the filter's match found for the positional <c>$</c>; −1 for nothing.</param>
    /// <returns>False when every byte stays as it was; nothing is written then.</returns>
    /// <exception cref="CommandException">2, 14, 28, 34, 66, 17419: the document does not allow the update.</exception>
    public bool Apply(ReadOnlySpan<byte> document, IBufferWriter<byte> output, bool isInsert = false, int position = -1)
    {
        var application = _spare ?? new Application();
        _spare = null;
        try
        {
            var result = Run(document, application, isInsert, position);
            if (result.SequenceEqual(document))
            {
                return false;
            }
            if (result.Length > MaxDocumentBytes)
            {
                throw new CommandException(isInsert ? 17420 : 17419, $"Resulting document after update is larger than {MaxDocumentBytes}");
            }
            output.Write(result);
            return true;
        }
        finally { _spare = application; }
    }

    /// <summary>Makes the document that an upsert inserts: what the filter fixes, then the update. <c>_id</c> comes first, if there is one.</summary>
    public void ApplyInsert(Filter filter, IBufferWriter<byte> output)
    {
        var seed = Seed(filter);
        var updated = new BsonBuffer();
        var result = Apply(seed, updated, isInsert: true) ? updated.Written : seed;
        var id = Elements.Find(result, "_id"u8);
        if (id.IsMissing)
        {
            output.Write(result);
            return;
        }
        var ordered = new BsonBuffer();
        var start = ordered.BeginDocument();
        ordered.WriteElement("_id"u8, id);
        CopyExcept("_id"u8, result, ordered);
        ordered.EndDocument(start);
        output.Write(ordered.Written);
    }

    /// <summary>The document of the fields that a filter fixes to one value.</summary>
    /// <exception cref="CommandException">54: the filter fixes a path twice.</exception>
    public static byte[] Seed(Filter filter)
    {
        var root = UpdateNode.Root();
        var known = new Dictionary<string, StoredValue>();
        foreach (var (path, value) in filter.Equalities)
        {
            if (known.TryGetValue(path.Text, out var before) && before.Equals(value))
            {
                continue;
            }
            known[path.Text] = value;
            try { root.Add(path.Text, new Modifiers.Set(value)); }
            catch (CommandException problem) when (problem.Code == 40)
            {
                throw new CommandException(ErrorCode.NotSingleValueField, $"cannot infer query fields to set, path '{path.Text}' is matched twice");
            }
        }
        var application = new Application();
        application.Run([5, 0, 0, 0, 0], root, [], [], -1, isInsert: true, default);
        return application.Output.ToArray();
    }

    [ThreadStatic]
    private static Application? _spare;

    private ReadOnlySpan<byte> Run(ReadOnlySpan<byte> document, Application application, bool isInsert, int position)
    {
        if (_root is not null)
        {
            application.Run(document, _root, _arrayFilters, _moved, position, isInsert, _variables.Now);
            if (_touchesId)
            {
                RequireSameId(document, application.Output.Written);
            }
            return application.Output.Written;
        }
        if (_replacement is not null)
        {
            return KeepId(document, _replacement, application.Output);
        }
        var replaced = _pipeline!.Transform(document);
        return KeepId(document, replaced, application.Output);
    }

    /// <summary>The replacement with the document's own <c>_id</c> in front.</summary>
    private static ReadOnlySpan<byte> KeepId(ReadOnlySpan<byte> document, ReadOnlySpan<byte> replacement, BsonBuffer output)
    {
        var id = Elements.Find(document, "_id"u8);
        if (id.IsMissing)
        {
            return replacement;
        }
        RequireSame(id, Elements.Find(replacement, "_id"u8), missingIsFine: true);
        output.Clear();
        var start = output.BeginDocument();
        output.WriteElement("_id"u8, id);
        CopyExcept("_id"u8, replacement, output);
        output.EndDocument(start);
        return output.Written;
    }

    private static void RequireSameId(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var id = Elements.Find(before, "_id"u8);
        if (!id.IsMissing)
        {
            RequireSame(id, Elements.Find(after, "_id"u8), missingIsFine: false);
        }
    }

    private static void RequireSame(RawValue before, RawValue after, bool missingIsFine)
    {
        if (after.IsMissing ? !missingIsFine : !ValueOrder.Equal(before, after))
        {
            throw new CommandException(ErrorCode.ImmutableField, "Performing an update on the path '_id' would modify the immutable field '_id'");
        }
    }

    private static void CopyExcept(ReadOnlySpan<byte> name, ReadOnlySpan<byte> document, BsonBuffer output)
    {
        var elements = new Elements(document);
        while (elements.MoveNext())
        {
            if (!elements.Name.SequenceEqual(name))
            {
                output.Write(elements.Element);
            }
        }
    }

    private static void RefuseOperators(ReadOnlySpan<byte> replacement)
    {
        var elements = new Elements(replacement);
        while (elements.MoveNext())
        {
            if (elements.Name is not [(byte)'$', ..])
            {
                continue;
            }
            var name = Encoding.UTF8.GetString(elements.Name);
            throw new CommandException(ErrorCode.DollarPrefixedFieldName,
                $"The dollar ($) prefixed field '{name}' in '{name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.");
        }
    }

    private static bool Any(UpdateNode node, Func<UpdateNode, bool> test) => test(node) || node.Children.Any(child => Any(child, test));
}
