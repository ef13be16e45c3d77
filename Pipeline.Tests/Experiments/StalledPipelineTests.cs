using System.Diagnostics;
using Embedded.Tests.Support;
using Pipeline.Latency.Results;
using Pipeline.Latency.Running;
using Pipeline.Latency.Statistics;
using Pipeline.Latency.Traces;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Experiments;

/// <summary>A short run of the real pipeline, in which inference stands still for 200 ms.</summary>
public sealed class StalledPipeline : IAsyncLifetime
{
    public const int Producers = 2;
    public const int Rate = 50;
    public const int Images = 400;

    /// <summary>What inference writes in a second or so: by then it is at work.</summary>
    private const long EnoughTraceBytes = 200_000;

    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();

    internal PipelineOutcome Outcome { get; private set; }

    internal IReadOnlyList<Sample> Samples { get; private set; } = [];

    internal (DateTimeOffset From, DateTimeOffset To) StoodStill { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var traces = Directory.CreateDirectory(_folder.File("traces")).FullName;
        var run = new PipelineRun(Producers, Rate, Images, Replicas: 1, traces, Arrivals.Uniform).RunAsync(limit.Token);
        try
        {
            await Eventually.TrueAsync(() => run.IsCompleted
                || Directory.EnumerateFiles(traces, "inference-*").Sum(file => new FileInfo(file).Length) > EnoughTraceBytes, Limit);
            StoodStill = await StallAsync(traces, limit.Token);
        }
        finally
        {
            Outcome = await run;
        }

        var assembler = new TraceAssembler();
        await new TraceReader().ReadAsync(TraceImport.Find(traces), assembler.Add, limit.Token);
        Samples = assembler.Build().Samples;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<(DateTimeOffset From, DateTimeOffset To)> StallAsync(string traces, CancellationToken cancellationToken)
    {
        var inference = InferenceWritingTo(traces);
        Signal.SendStop(inference);
        var from = TimeProvider.System.GetUtcNow();
        try
        {
            await Task.Delay(Stall, cancellationToken);           // the stall itself
            return (from, TimeProvider.System.GetUtcNow());
        }
        finally
        {
            Signal.SendContinue(inference);
        }
    }

    /// <summary>The process of this run: others may run on this machine.</summary>
    private static int InferenceWritingTo(string traces)
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (ProcFile.Read(process.Id, "cmdline").Contains("Pipeline.Inference", StringComparison.Ordinal)
                    && ProcFile.Read(process.Id, "environ").Contains(traces, StringComparison.Ordinal))
                {
                    return process.Id;
                }
            }
        }

        throw new InvalidOperationException("The AppHost has no inference process.");
    }
}

[Trait("Speed", "slow")]
public sealed class StalledPipelineTests(StalledPipeline run) : IClassFixture<StalledPipeline>
{
    private const int Sent = StalledPipeline.Producers * StalledPipeline.Images;

    [Fact]
    public void Every_image_has_a_complete_trace_in_the_file()
    {
        Assert.Equal(Sent, run.Outcome.Stored);
        Assert.Equal(Sent, run.Samples.Count);
        Assert.All(run.Samples, sample =>
        {
            Assert.Equal(SampleFlags.None, sample.Flags);
            Assert.All(Enum.GetValues<Stamp>(), stamp => Assert.NotNull(sample[stamp]));
            Assert.InRange(sample.BatchSize, 1, Pipelines.Default.MaxBatch);
        });
    }

    [Fact]
    public void The_stages_of_every_image_add_up_to_its_latency_to_the_nanosecond_and_none_is_negative() =>
        Assert.All(run.Samples, sample =>
        {
            Assert.Equal(sample.Between(Stamp.Scheduled, Stamp.WriteAcknowledged), Stages.All.Sum(stage => sample.Between(stage.From, stage.To)));
            Assert.All(Stages.All, stage => Assert.InRange(sample.Between(stage.From, stage.To)!.Value, 0, long.MaxValue));
        });

    [Fact]
    public void Every_image_that_was_due_while_inference_stood_still_waited_for_its_end()
    {
        var (from, to) = (Nanoseconds(run.StoodStill.From), Nanoseconds(run.StoodStill.To));
        var due = run.Samples.Where(sample => sample[Stamp.Scheduled] > from && sample[Stamp.Scheduled] < to).ToArray();

        // A closed loop would have had one such image for each camera.
        Assert.InRange(due.Length, StalledPipeline.Producers * 5, Sent);
        Assert.All(due, sample => Assert.InRange(sample[Stamp.ModelDone]!.Value, to, long.MaxValue));
        Assert.InRange(Percentile.Of([.. run.Samples.Select(EndPoint.Stored.LatencyMs).Order()], 0.99), 100, double.MaxValue);
    }

    [Fact]
    public void Clocks_of_one_host_agree_within_the_bound() =>
        Assert.InRange(Math.Abs(ClockOffset.Estimate(run.Samples)!.Value.Nanoseconds), 0, ClockOffset.Estimate(run.Samples)!.Value.BoundNanoseconds);

    private static long Nanoseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * 100;
}
