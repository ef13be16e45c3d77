using Embedded.MongoDB.Aggregation;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Cursors;

/// <summary>
/// What an aggregation makes of the rows of a plan. Rows are pushed in until a result is ready, so a pipeline that lets
/// go of documents is read batch by batch, and one that groups reads everything for its first.
/// </summary>
/// <param name="database">Where.</param>
/// <param name="plan">The rows; null for none.</param>
/// <param name="pipeline">What is done with them.</param>
/// <param name="context">What the stages may ask of the store.</param>
internal sealed class PipelineResults(Database? database, QueryPlan? plan, Pipeline pipeline, IPipelineContext context) : ResultSource
{
    // The plan has asked the leading match already.
    private readonly PipelineRun _run = pipeline.Start(context, matched: plan is not null);
    private readonly FieldUse _uses = pipeline.Uses;
    private IEnumerator<ReadOnlyMemory<byte>>? _rest;
    private ReadOnlyMemory<byte> _pending;
    private bool _isInputAtEnd = plan is null;

    /// <summary>Documents that come from elsewhere than a collection, before any rows.</summary>
    public IEnumerable<ReadOnlyMemory<byte>>? Input { private get; init; }

    public override async ValueTask<bool> FillAsync(Batch batch, CommandCall call)
    {
        if (database is null || plan is null || _isInputAtEnd)
        {
            return Fill(batch, call);
        }

        using var reader = await database.RentReaderAsync(call.Stopping);
        plan.Attach(reader.Connection);
        try
        {
            return Fill(batch, call);
        }
        finally
        {
            plan.Detach();
        }
    }

    /// <summary>Everything at once, for <c>$out</c>.</summary>
    public async ValueTask<List<ReadOnlyMemory<byte>>> ReadAllAsync(CancellationToken stoppingToken)
    {
        var all = new List<ReadOnlyMemory<byte>>();
        using var reader = database is null ? null : await database.RentReaderAsync(stoppingToken);
        if (reader is not null)
        {
            plan?.Attach(reader.Connection);
        }

        try
        {
            while (TryNext(out var document))
            {
                all.Add(document);
            }

            return all;
        }
        finally
        {
            plan?.Detach();
        }
    }

    public override void Dispose()
    {
        _rest?.Dispose();
        plan?.Dispose();
        base.Dispose();
    }

    private bool Fill(Batch batch, CommandCall call)
    {
        while (true)
        {
            if (_pending.IsEmpty && !TryNext(out _pending))
            {
                return true;
            }

            if (batch.IsFull || !batch.Add(_pending.Span))
            {
                return false;
            }

            _pending = default;
            call.CheckTime();
        }
    }

    private bool TryNext(out ReadOnlyMemory<byte> document)
    {
        while (!_isInputAtEnd)
        {
            if (_run.TryTake(out document))
            {
                return true;
            }

            _isInputAtEnd = !plan!.MoveNext() || !_run.Accept(plan.Read(_uses));
        }

        if (_rest is null)
        {
            foreach (var input in Input ?? [])
            {
                if (!_run.Accept(input.Span))
                {
                    break;
                }
            }

            _rest = _run.Finish().GetEnumerator();
        }

        var isThere = _rest.MoveNext();
        document = isThere ? _rest.Current : default;
        return isThere;
    }
}
