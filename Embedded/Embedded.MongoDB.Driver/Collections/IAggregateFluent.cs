using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>An aggregation that is put together by calls; each call returns a new one.</summary>
public interface IAggregateFluent<TResult> : IAsyncCursorSource<TResult>
{
    IAggregateFluent<TNewResult> AppendStage<TNewResult>(PipelineStageDefinition<TResult, TNewResult> stage);

    IAggregateFluent<TNewResult> Group<TNewResult>(ProjectionDefinition<TResult, TNewResult> group);

    IAggregateFluent<TResult> Limit(long limit);

    IAggregateFluent<TResult> Match(FilterDefinition<TResult> filter);

    IAggregateFluent<TNewResult> Project<TNewResult>(ProjectionDefinition<TResult, TNewResult> projection);

    IAggregateFluent<TResult> Skip(long skip);

    IAggregateFluent<TResult> Sort(SortDefinition<TResult> sort);
}
