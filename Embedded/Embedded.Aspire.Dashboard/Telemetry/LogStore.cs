namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>The newest log records, in the order they came in.</summary>
public sealed class LogStore
{
    private readonly TelemetryLimits _limits;
    private readonly SignalState _state = new();
    private Ring<LogRecord> _records;
    private long _lastId;
    private long _bytes;

    internal LogStore(TelemetryLimits limits) => (_limits, _records) = (limits, new(limits.MaxLogCount));

    /// <summary>Grows with every change.</summary>
    public long Version => _state.Version;

    /// <summary>The id of the newest record; 0 before the first.</summary>
    public long LastId
    {
        get { lock (_state.Lock) return _lastId; }
    }

    public SignalCounters Counters
    {
        get { lock (_state.Lock) return _state.Counters(_records.Count); }
    }

    /// <summary>Completes when something changed since that version; the new version.</summary>
    public Task<long> WaitForChangeAsync(long seenVersion, CancellationToken cancellation) => _state.WaitAsync(seenVersion, cancellation);

    public AddResult Add(IReadOnlyList<LogRecord> records)
    {
        if (records.Count == 0) return AddResult.AllKept;
        lock (_state.Lock)
        {
            _state.Received += records.Count;
            foreach (var record in records)
            {
                if (_state.IsPaused(record.Resource))
                {
                    _state.Ignored++;
                    continue;
                }
                if (_records.IsFull) EvictOldest();
                record.Id = ++_lastId;
                _records.Add(record);
                _bytes += record.EstimatedBytes;
            }
            while (_bytes > _limits.MaxBytesPerSignal && _records.Count > 1) EvictOldest();
            _state.Changed();
            return AddResult.AllKept;
        }
    }

    public QueryPage<LogRecord> Query(LogQuery query)
    {
        var records = Snapshot(query.FromId);
        if (query.NewestFirst) Array.Reverse(records);

        var found = new List<LogRecord>();
        var count = 0;
        foreach (var record in records)
        {
            if (!query.Matches(record)) continue;
            if (count++ >= query.Skip && found.Count < query.Take) found.Add(record);
        }
        return new(found, count);
    }

    public LogRecord? Find(long id)
    {
        var records = Snapshot(id);
        return records is [var first, ..] && first.Id == id ? first : null;
    }

    /// <summary>How many errors each resource logged after the record that was seen last, by resource.</summary>
    /// <param name="seenId">The id of the newest record that the person has seen of that resource.</param>
    public IReadOnlyDictionary<TelemetryResource, int> UnseenErrors(Func<TelemetryResource, long> seenId)
    {
        var counts = new Dictionary<TelemetryResource, int>();
        foreach (var record in Snapshot())
        {
            if (record.IsError && record.Id > seenId(record.Resource)) counts[record.Resource] = counts.GetValueOrDefault(record.Resource) + 1;
        }
        return counts;
    }

    /// <summary>The records from that id on, oldest first.</summary>
    public LogRecord[] Snapshot(long fromId = 0)
    {
        lock (_state.Lock)
        {
            if (fromId <= 1 || _records.Count == 0) return _records.ToArray();
            var (low, high) = (_records.First, _records.Next);             // ids have gaps only after Clear
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                if (_records[middle].Id < fromId) low = middle + 1;
                else high = middle;
            }
            return _records.ToArray(low);
        }
    }

    /// <summary>Removes every record, or those of the resource.</summary>
    public void Clear(TelemetryResource? resource = null)
    {
        lock (_state.Lock)
        {
            var all = _records.ToArray();
            (_records, _bytes) = (new(_limits.MaxLogCount), 0);
            foreach (var record in all)
            {
                if (resource is not null && !record.Resource.Equals(resource))
                {
                    _records.Add(record);
                    _bytes += record.EstimatedBytes;
                }
            }
            _state.Evicted += all.Length - _records.Count;
            _state.Changed();
        }
    }

    /// <summary>Records that come in while paused, of one resource or of all, are counted and not kept.</summary>
    public void SetPaused(bool paused, TelemetryResource? resource = null)
    {
        lock (_state.Lock)
        {
            _state.SetPaused(resource, paused);
            _state.Changed();
        }
    }

    public bool IsPaused(TelemetryResource? resource = null)
    {
        lock (_state.Lock) return _state.IsPaused(resource);
    }

    private void EvictOldest()
    {
        _bytes -= _records.RemoveFirst().EstimatedBytes;
        _state.Evicted++;
    }
}
