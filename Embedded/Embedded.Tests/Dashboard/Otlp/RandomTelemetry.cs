using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Otlp;

/// <summary>Telemetry of every shape that the model has; the same for the same seed.</summary>
internal sealed class RandomTelemetry(int seed)
{
    private static readonly string[] Texts = ["", "a", "image_data", "naïve – ✓", "with \"quotes\" and \\ and \n", new('x', 200)];
    private static readonly double[] Doubles = [0, -1.5, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon];

    private readonly Random _random = new(seed);
    private readonly TelemetryStore _store = new(new TelemetryLimits());

    public Span[] Spans() => Several(_ => new Span
    {
        TraceId = new((ulong)_random.NextInt64(), Id()),
        SpanId = new(Id()),
        ParentSpanId = Maybe() ? default : new(Id()),
        Name = Text(),
        Kind = (SpanKind)_random.Next(6),
        StartUnixNano = Id(),
        EndUnixNano = Id(),
        Attributes = List(0),
        Events = Several(_ => new SpanEvent(Id(), Text(), List(0), Count())),
        Links = [.. Several(_ => new SpanLink(new(Id(), Id()), new(Id()), List(0), Text(), Count(), Count()))],
        Status = (SpanStatus)_random.Next(3),
        StatusMessage = Text(),
        TraceState = Text(),
        Flags = Count(),
        DroppedAttributesCount = Count(),
        DroppedEventsCount = Count(),
        DroppedLinksCount = Count(),
        Resource = Resource(),
        Scope = Scope(),
    });

    public LogRecord[] Logs() => Several(_ => new LogRecord
    {
        TimeUnixNano = Id(),
        ObservedTimeUnixNano = Id(),
        SeverityNumber = _random.Next(25),
        SeverityText = Text(),
        Body = Value(0),
        Attributes = List(0),
        DroppedAttributesCount = Count(),
        Flags = Count(),
        TraceId = Maybe() ? default : new(Id(), Id()),
        SpanId = Maybe() ? default : new(Id()),
        EventName = Text(),
        Resource = Resource(),
        Scope = Scope(),
    });

    public ReceivedMetric[] Metrics() => Several(_ =>
    {
        InstrumentKind[] kinds = [InstrumentKind.Gauge, InstrumentKind.Sum, InstrumentKind.Histogram, InstrumentKind.ExponentialHistogram, InstrumentKind.Summary];
        var kind = kinds[_random.Next(kinds.Length)];
        var temporality = kind is InstrumentKind.Gauge or InstrumentKind.Summary ? Temporality.Unspecified : (Temporality)_random.Next(3);
        return new ReceivedMetric(
            new(Resource(), Scope(), Text(), Text(), Text(), kind, temporality, kind == InstrumentKind.Sum && Maybe()),
            Several(_ => new ReceivedPoint(List(0), Point(kind))));
    });

    private MetricPoint Point(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Histogram => new HistogramPoint(Id(), Id(), Count(), Exemplars(), Id(), Optional(), Optional(), Optional(), Several(_ => Double()), Several(_ => Id())),
        InstrumentKind.ExponentialHistogram => new ExponentialHistogramPoint(
            Id(), Id(), Count(), Exemplars(), Id(), Optional(), Optional(), Optional(), _random.Next(-10, 21), Id(), Double(), Buckets(), Buckets()),
        InstrumentKind.Summary => new SummaryPoint(Id(), Id(), Count(), Id(), Double(), Several(_ => new QuantileValue(Double(), Double()))),
        _ when Maybe() => new NumberPoint(Id(), Id(), Count(), Exemplars(), Double(), false, 0),
        _ => (long)Id() is var integer ? new NumberPoint(Id(), Id(), Count(), Exemplars(), integer, true, integer) : throw new InvalidOperationException(),
    };

    private ExponentialBuckets Buckets() => new(_random.Next(-100, 100), Several(_ => Id()));

    private Exemplar[] Exemplars() => Several(_ => new Exemplar(Id(), 7, true, 7, new(Id(), Id()), new(Id()), List(0)));

    private TelemetryResource Resource() => _store.GetResource(List(0), Count());

    private InstrumentationScope Scope() => new(Text(), Text(), List(0), Count());

    private Attributes List(int depth) => Attributes.Of(Several(index => KeyValuePair.Create($"{index}{Text()}", Value(depth + 1))));

    private AttributeValue Value(int depth) => _random.Next(depth < 4 ? 8 : 6) switch
    {
        0 => Text(),
        1 => Maybe(),
        2 => (long)Id(),
        3 => Double(),
        4 => AttributeValue.Of(new byte[_random.Next(5)]),
        5 => AttributeValue.Empty,
        6 => AttributeValue.Of(Several(_ => Value(depth + 1))),
        _ => AttributeValue.Of(List(depth + 1)),
    };

    private T[] Several<T>(Func<int, T> make) => [.. Enumerable.Range(0, _random.Next(4)).Select(make)];

    private bool Maybe() => _random.Next(2) == 0;

    private ulong Id() => (ulong)_random.NextInt64() * 2 + 1;

    private uint Count() => Maybe() ? 0 : (uint)_random.NextInt64();

    private string Text() => Texts[_random.Next(Texts.Length)];

    private double Double() => Doubles[_random.Next(Doubles.Length)];

    private double? Optional() => Maybe() ? null : Double();
}
