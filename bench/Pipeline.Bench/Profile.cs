using System.Globalization;

/// <summary>
/// Where the processor time goes: the whole pipeline at full rate, and for each program what an image cost it from the first stored to the
/// last, beside what the bare model costs. Linux only. Arguments: images per camera (default 15,000), of four cameras.
/// </summary>
internal static class Profile
{
    public static async Task RunAsync(string[] args)
    {
        var imagesPerCamera = args is [var images, ..] ? int.Parse(images, CultureInfo.InvariantCulture) : 15_000;
        await PipelineRun.BuildAsync();
        var bare = BareModel.ImagesPerSecond(TimeSpan.FromSeconds(4));
        var warm = PipelineRun.Cameras * imagesPerCamera / 4;
        Dictionary<string, ProcessAccount.Usage>? before = null;
        Dictionary<string, ProcessAccount.Usage> after = [];
        Allocations? allocations = null;
        Dictionary<string, double> allocated = [];
        var (first, last) = (0L, 0L);
        var run = await PipelineRun.MeasureAsync(imagesPerCamera, watch: running =>
        {
            (after, last) = (ProcessAccount.Below(running.Host.Id), running.Stored);
            if (before is null && last >= warm)
            {
                (before, first, allocations) = (after, last, new Allocations(running.Host.Id));
            }
            allocated = after.Keys.ToDictionary(name => name, name => allocations?.BytesOf(name) ?? 0);
            return Task.CompletedTask;
        });

        var count = last - first;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{run}; bare model {bare:N0} images/s, {1e6 * Environment.ProcessorCount / bare:N0} µs of processor time an image. From image {first:N0} to {last:N0}:"));
        Console.WriteLine($"{"program",-28} {"user µs",9} {"system µs",10} {"waits",8} {"preempted",10} {"allocated KB",13}   per image");
        var total = default(ProcessAccount.Usage);
        foreach (var (name, usage) in after.Select(entry => (entry.Key, Used: entry.Value - before!.GetValueOrDefault(entry.Key)))
            .OrderByDescending(entry => entry.Used.UserSeconds))
        {
            Print(name, usage, allocated[name], count);
            total += usage;
        }
        Print("all", total, allocated.Values.Sum(), count);
        await allocations!.DisposeAsync();
    }

    private static void Print(string name, ProcessAccount.Usage usage, double bytes, long count) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-28} {1e6 * usage.UserSeconds / count,9:N1} {1e6 * usage.SystemSeconds / count,10:N1} {(double)usage.Voluntary / count,8:N2} {(double)usage.Involuntary / count,10:N2} {bytes / 1024 / count,13:N1}"));
}
