namespace Embedded.MongoDB.Cursors;

/// <summary>Documents that are there already: catalog lists, and what an aggregation has computed.</summary>
internal sealed class DocumentSource(IEnumerable<ReadOnlyMemory<byte>> documents) : ResultSource
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> _documents = documents.GetEnumerator();
    private ReadOnlyMemory<byte> _pending;

    public override ValueTask<bool> FillAsync(Batch batch, CommandCall call)
    {
        while (true)
        {
            if (_pending.IsEmpty)
            {
                if (!_documents.MoveNext())
                {
                    return ValueTask.FromResult(true);
                }

                _pending = _documents.Current;
            }

            if (batch.IsFull || !batch.Add(_pending.Span))
            {
                return ValueTask.FromResult(false);
            }

            _pending = default;
            call.CheckTime();
        }
    }

    public override void Dispose()
    {
        _documents.Dispose();
        base.Dispose();
    }
}
