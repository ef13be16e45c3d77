using System.Globalization;

/// <summary>Our pipeline as it is measured beside its peers: as a user starts it, with its console, page and dashboard.</summary>
internal static class OurRun
{
    /// <param name="rate">Images a second and camera; 0: as fast as the broker takes them. Else a share of them is timed, 20 a second.</param>
    public static async Task<PeerOutcome> MeasureAsync(int cameras, int imagesPerCamera, double rate)
    {
        var traces = Directory.CreateTempSubdirectory("pipeline-peers-");
        try
        {
            var spending = new Spending();
            var (first, last) = (0L, 0L);
            string[] timing = rate == 0
                ? []
                : ["--Rate", rate.ToString(CultureInfo.InvariantCulture), "--Telemetry:Folder", traces.FullName, "--Telemetry:Sampling", "20/s"];
            var run = await PipelineRun.MeasureAsync(imagesPerCamera, ["--Model", PeerRun.Model, .. timing], cameras: cameras, watch: running =>
            {
                spending.Look(running.Host.Id);
                (first, last) = (first == 0 ? running.Stored : first, running.Stored);
                return Task.CompletedTask;
            });
            return new(run.Images, run.Seconds, run.Accuracy ?? 0, spending, last - first, rate == 0 ? [] : TracedImages.Read(traces.FullName));
        }
        finally
        {
            traces.Delete(recursive: true);
        }
    }
}
