using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Cursors;

/// <summary>The matches of a find, read from the store batch by batch.</summary>
/// <param name="database">Where.</param>
/// <param name="plan">What matches, in which order.</param>
/// <param name="projection">What clients see of it; null for all.</param>
/// <param name="skip">Matches to pass over.</param>
/// <param name="limit">Matches to return, 0 for all.</param>
internal sealed class QuerySource(Database database, QueryPlan plan, Projection? projection, long skip, long limit) : ResultSource
{
    private readonly FieldUse _excluded = projection is null ? FieldUse.None : FieldUse.Of(projection.Excluded);
    private long _skip = skip;
    private long _left = limit == 0 ? long.MaxValue : limit;
    private byte[]? _pending;
    private bool _isAtEnd;

    public override async ValueTask<bool> FillAsync(Batch batch, CommandCall call)
    {
        if (_pending is not null)
        {
            if (batch.IsFull || !batch.Add(_pending))
            {
                return false;
            }

            _pending = null;
            _left--;
        }

        if (_isAtEnd || _left == 0)
        {
            return true;
        }

        using var reader = await database.RentReaderAsync(call.Stopping);
        plan.Attach(reader.Connection);
        try
        {
            return Fill(batch);
        }
        finally
        {
            plan.Detach();
        }
    }

    public override void Dispose()
    {
        plan.Dispose();
        base.Dispose();
    }

    private bool Fill(Batch batch)
    {
        while (_left > 0)
        {
            if (!plan.MoveNext())
            {
                _isAtEnd = true;
                return true;
            }

            if (_skip > 0)
            {
                _skip--;
                continue;
            }

            batch.Begin();
            Write(batch.Output);
            _pending = batch.IsFull ? batch.TakeBack() : batch.End();
            if (_pending is not null)
            {
                return false;
            }

            _left--;
        }

        return true;
    }

    private void Write(Wire.PooledBuffer output)
    {
        if (projection is null)
        {
            plan.CopyTo(output);
        }
        else
        {
            projection.Apply(plan.Read(projection.Uses, _excluded), output, projection.NeedsPosition ? plan.FindPosition() : -1);
        }
    }
}
