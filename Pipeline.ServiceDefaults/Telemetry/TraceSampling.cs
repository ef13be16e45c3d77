using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Pipeline.Contracts.Options;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// Decides, where a trace begins, whether it is recorded: at the camera, for the whole way of the image. Everything after that
/// follows the flag in the record's header; metrics never depend on it.
/// </summary>
/// <remarks>
/// <c>Telemetry:Sampling</c> is a share, <c>0</c> to <c>1</c>, or so many traces per second of this process, such as <c>5/s</c> (the default):
/// then all are recorded while they are fewer than that, and an even share of them when they are more. Chance alone chooses, so percentiles over
/// traces are unbiased. Not a <see cref="OpenTelemetry.Trace.Sampler"/>: that is asked when the span's ids have been made, 458 bytes for every image
/// that is not traced.
/// </remarks>
public sealed class TraceSampling
{
    private const string Setting = $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.Sampling)}";

    private const string PerSecond = "/s";

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly double _share;
    private readonly double _perSecond;
    private readonly Lock _lock = new();
    private long _windowStart;
    private int _inLastWindow;
    private int _inThisWindow;

    private TraceSampling(double share, double perSecond, TimeProvider time)
    {
        (_share, _perSecond, _time) = (share, perSecond, time);
        _windowStart = time.GetTimestamp();
    }

    /// <summary>Reads the setting.</summary>
    /// <exception cref="StartupException">It is neither a share nor a rate.</exception>
    public static TraceSampling From(IConfiguration configuration, TimeProvider time)
    {
        var options = new TelemetryOptions();
        var text = configuration[Setting] is { Length: > 0 } set ? set : options.Sampling;
        List<ValidationResult> problems = [];
        if (!Validator.TryValidateProperty(text, new ValidationContext(options) { MemberName = nameof(options.Sampling) }, problems))
        {
            throw new StartupException($"{Setting} is '{text}'.", $"It must be {problems[0].ErrorMessage}.");
        }

        return text.EndsWith(PerSecond, StringComparison.Ordinal)
            ? new(1, Read(text[..^PerSecond.Length]), time)
            : new(Read(text), double.PositiveInfinity, time);

        static double Read(string number) => double.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the trace that begins now is recorded. False also when nobody listens.</summary>
    public bool Next()
    {
        if (!PipelineTelemetry.Source.HasListeners())
        {
            return false;
        }

        var share = double.IsInfinity(_perSecond) ? _share : ShareOfTarget();
        return share >= 1 || Random.Shared.NextDouble() < share;
    }

    private double ShareOfTarget()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var age = _time.GetElapsedTime(_windowStart, now);
            if (age >= Window)
            {
                _inLastWindow = (int)(_inThisWindow / age.TotalSeconds);
                _inThisWindow = 0;
                _windowStart = now;
            }
            _inThisWindow++;
            // The first second of a rush is not yet known from the one before it.
            return _perSecond / Math.Max(_inLastWindow, _inThisWindow);
        }
    }
}
