using System.Collections.Frozen;
using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation;

/// <summary>
/// An aggregation pipeline, taken apart once. Documents are pushed through it, so a stage that can let go of a document
/// keeps none of it, and a stage that has enough says so.
/// </summary>
/// <remarks>Where it starts and ends belongs to the caller: <see cref="Source"/> and <see cref="Target"/> say what is asked for.</remarks>
internal sealed class Pipeline
{
    private readonly List<Stage> _stages;

    private Pipeline(List<Stage> stages, PipelineSource? source, PipelineTarget? target)
    {
        _stages = stages;
        Source = source;
        Target = target;
        LeadingMatch = source is null && stages is [Stages.Match match, ..] ? match.Filter : null;
        Uses = UsesOf(stages);
    }

    /// <summary>A first stage that makes the documents itself, such as <c>$collStats</c>; null when the collection's documents come in.</summary>
    public PipelineSource? Source { get; }

    /// <summary>Where <c>$out</c> puts the results; null when they are the answer.</summary>
    public PipelineTarget? Target { get; }

    /// <summary>The filter of a first <c>$match</c>, which an index may serve.</summary>
    public Filter? LeadingMatch { get; }

    /// <summary>The fields of the collection's documents that the pipeline can need at all.</summary>
    public FieldUse Uses { get; }

    /// <summary>How many documents the pipeline reads at most before anything else happens to them; null for no limit.</summary>
    public long? LeadingLimit => Source is null && _stages is [Stages.Limit limit, ..] ? limit.Count : null;

    /// <param name="stages">The array of stages; its bytes are not kept.</param>
    /// <param name="variables">What <c>let</c> defines.</param>
    /// <exception cref="CommandException">40324 and others: a stage that is unknown, not supported, or wrongly specified.</exception>
    public static Pipeline Parse(ReadOnlySpan<byte> stages, Variables? variables = null) =>
        Parse(stages, variables ?? Variables.None, StageTable.All);

    /// <summary>The pipeline of an update, which may only reshape one document.</summary>
    public static Pipeline ParseUpdate(ReadOnlySpan<byte> stages, Variables variables) => Parse(stages, variables, StageTable.ForUpdates);

    /// <summary>A pipeline inside another, as in <c>$facet</c> and <c>$lookup</c>: it may not begin or end elsewhere.</summary>
    public static Pipeline ParseInner(ReadOnlySpan<byte> stages, Variables variables, string outer)
    {
        var inner = Parse(stages, variables, StageTable.All);
        if (inner.Target is not null || (inner.Source is not null && outer == "$facet"))
        {
            throw new CommandException(40600, $"{inner.Source?.Name ?? "$out"} is not allowed to be used within a {outer} stage");
        }
        return inner;
    }

    /// <param name="context">What the stages may ask of the store.</param>
    /// <param name="matched">True when the documents that will come are known to
    /// pass <see cref="LeadingMatch"/>, which is then not asked again.</param>
    public PipelineRun Start(IPipelineContext context, bool matched = false)
    {
        var results = new Results();
        return new(Start(results, context, matched), results);
    }

    /// <summary>Starts the stages with another stage at the end.</summary>
    internal StageRun Start(StageRun end, IPipelineContext context, bool matched = false)
    {
        var run = end;
        for (var i = _stages.Count - 1; i >= (matched && LeadingMatch is not null ? 1 : 0); i--)
        {
            run = _stages[i].Start(run, context);
        }
        return run;
    }

    /// <summary>What the pipeline of an update makes of one document.</summary>
    public ReadOnlySpan<byte> Transform(ReadOnlySpan<byte> document)
    {
        var run = Start(NoContext.Instance);
        run.Accept(document);
        foreach (var result in run.Finish())
        {
            return result.Span;
        }
        throw new CommandException(ErrorCode.BadValue, "the pipeline of an update left no document");
    }

    private static Pipeline Parse(ReadOnlySpan<byte> stages, Variables variables, FrozenDictionary<string, StageParser> table)
    {
        var parsed = new List<Stage>();
        PipelineSource? source = null;
        PipelineTarget? target = null;
        var elements = new Elements(stages);
        for (var i = 0; elements.MoveNext(); i++)
        {
            if (!elements.Value.IsDocument)
            {
                throw new CommandException(ErrorCode.TypeMismatch, "Each element of the 'pipeline' array must be an object");
            }
            var fields = new Elements(elements.ValueBytes);
            if (!fields.MoveNext() || fields.End != elements.ValueBytes.Length - 1)
            {
                throw new CommandException(40323, "A pipeline stage specification object must contain exactly one field.");
            }
            var name = Encoding.UTF8.GetString(fields.Name);
            if (target is not null)
            {
                throw new CommandException(40601, "$out can only be the final stage in the pipeline");
            }
            if (StageTable.Sources.Contains(name) && table != StageTable.ForUpdates)
            {
                if (i > 0)
                {
                    throw new CommandException(40602, $"{name} is only valid as the first stage in a pipeline.");
                }
                source = PipelineSource.Parse(name, fields.Value, variables);
                continue;
            }
            if (name == "$out" && table != StageTable.ForUpdates)
            {
                target = PipelineTarget.Parse(fields.Value);
                continue;
            }
            if (!table.TryGetValue(name, out var parser))
            {
                throw StageTable.Refuse(name, table == StageTable.ForUpdates);
            }
            parsed.AddRange(parser(fields.Value, variables));
        }
        Fuse(parsed);
        return new(parsed, source, target);
    }

    /// <summary>A sort whose output is cut keeps only what can still be among the first.</summary>
    private static void Fuse(List<Stage> stages)
    {
        for (var i = 0; i < stages.Count; i++)
        {
            if (stages[i] is not Stages.SortStage sort)
            {
                continue;
            }
            long skipped = 0;
            for (var j = i + 1; j < stages.Count; j++)
            {
                if (stages[j] is Stages.Skip skip && skip.Count < int.MaxValue)
                {
                    skipped += skip.Count;
                    continue;
                }
                if (stages[j] is Stages.Limit limit && limit.Count < int.MaxValue)
                {
                    sort.Keep = skipped + limit.Count;
                }
                break;
            }
        }
    }

    private static FieldUse UsesOf(List<Stage> stages)
    {
        var uses = FieldUse.None;
        foreach (var stage in stages)
        {
            uses = uses.Union(stage.Uses);
            if (stage.IsClosed)
            {
                return uses;
            }
        }
        return FieldUse.All;
    }
}

/// <summary>A pipeline at work.</summary>
internal sealed class PipelineRun
{
    private readonly StageRun _first;
    private readonly Results _results;

    internal PipelineRun(StageRun first, Results results) => (_first, _results) = (first, results);

    /// <summary>Pushes a document in; its bytes are not kept.</summary>
    /// <returns>False when the pipeline has enough.</returns>
    public bool Accept(ReadOnlySpan<byte> document) => _first.Accept(document);

    /// <summary>Takes a result that is ready already, so that a long scan need not pile them up.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> result) => _results.Ready.TryDequeue(out result);

    /// <summary>There is no more input: the results that are left.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Finish()
    {
        _first.Finish();
        while (_results.Ready.TryDequeue(out var result))
        {
            yield return result;
        }
    }
}

/// <summary>The end of a pipeline.</summary>
internal sealed class Results : StageRun
{
    private const int MaxDocumentBytes = 16 * 1024 * 1024;

    public Queue<ReadOnlyMemory<byte>> Ready { get; } = new();

    public override bool Accept(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxDocumentBytes)
        {
            throw new CommandException(
                ErrorCode.BSONObjectTooLarge, $"a result of the pipeline takes {document.Length} bytes; the most is {MaxDocumentBytes}");
        }
        Ready.Enqueue(document.ToArray());
        return true;
    }

    public override void Finish() { }
}

/// <summary>A first stage that makes documents from something else than the collection.</summary>
/// <param name="Name">The stage: <c>$collStats $indexStats $currentOp $listLocalSessions $documents</c>.</param>
/// <param name="Spec">Its argument.</param>
/// <param name="Documents">For <c>$documents</c>, the documents themselves.</param>
internal sealed record PipelineSource(string Name, StoredValue Spec, IReadOnlyList<ReadOnlyMemory<byte>>? Documents)
{
    internal static PipelineSource Parse(string name, RawValue spec, Variables variables)
    {
        if (name != "$documents")
        {
            return new(name, StoredValue.Copy(spec), null);
        }
        var values = Expression.EvaluateConstant(spec, variables);
        if (!values.Raw.IsArray)
        {
            throw new CommandException(5858203, "$documents must evaluate to an array of objects");
        }
        var documents = new List<ReadOnlyMemory<byte>>();
        var elements = new Elements(values.Raw.Bytes);
        while (elements.MoveNext())
        {
            if (!elements.Value.IsDocument)
            {
                throw new CommandException(5858203, "$documents must evaluate to an array of objects");
            }
            documents.Add(elements.ValueBytes.ToArray());
        }
        return new(name, values, documents);
    }
}

/// <summary>Where <c>$out</c> writes.</summary>
/// <param name="Database">Null for the database of the pipeline.</param>
/// <param name="Collection">The collection whose contents the results replace.</param>
internal sealed record PipelineTarget(string? Database, string Collection)
{
    internal static PipelineTarget Parse(RawValue spec)
    {
        if (spec.IsString)
        {
            return new(null, spec.Text);
        }
        var (database, collection) = (TextOf(spec.Field("db"u8)), TextOf(spec.Field("coll"u8)));
        if (!spec.Field("timeseries"u8).IsMissing)
        {
            throw new CommandException(ErrorCode.NotImplemented, "$out to a time series collection is not supported by this server");
        }
        return collection is null
            ? throw new CommandException(16990, "$out only supports a string or an object {db, coll} as its argument")
            : new(database, collection);

        static string? TextOf(RawValue value) => value.IsString ? value.Text : null;
    }
}
