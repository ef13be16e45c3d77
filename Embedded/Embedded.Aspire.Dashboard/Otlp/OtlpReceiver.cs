using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>Takes a request's bytes into the store, and hands them to the file.</summary>
internal sealed class OtlpReceiver(TelemetryStore store, TelemetryFile file)
{
    private readonly StringPool _strings = new();

    /// <summary>Completes when what earlier runs left in the file is in the store again: until then it would push newer telemetry out.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellation) => file.ReadBack.WaitAsync(cancellation);

    /// <param name="request">In protobuf; owned by this method from now on.</param>
    /// <exception cref="OtlpException">The bytes are no such request; nothing of it is kept.</exception>
    public AddResult Receive(OtlpSignal signal, PooledBytes request)
    {
        try
        {
            var result = Add(signal, request.Memory);
            if (request.Length == 0 || !file.TryAppend(signal, request)) request.Dispose();
            return result;
        }
        catch (OtlpException)
        {
            request.Dispose();
            throw;
        }
    }

    /// <summary>Into the store only.</summary>
    public AddResult Add(OtlpSignal signal, ReadOnlyMemory<byte> request)
    {
        var decoder = new OtlpDecoder(store, _strings);
        var added = signal.Add(store, decoder, request);
        return decoder.RejectedCount == 0
            ? added
            : new(added.Rejected + decoder.RejectedCount, added.Problem ?? "a span needs a trace id of 16 bytes and a span id of 8; a metric needs a known kind");
    }
}
