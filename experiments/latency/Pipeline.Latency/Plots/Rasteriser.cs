using System.ComponentModel;
using System.Diagnostics;

namespace Pipeline.Latency.Plots;

/// <summary>Makes a PNG of each SVG, with the program of the build beside this one, run by Node.js.</summary>
internal static class Rasteriser
{
    /// <summary>Twice the page, for screens with small pixels.</summary>
    private const int WidthPixels = 1600;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "rasterise", "rasterise.mjs");

    /// <returns>Null; or why there are no PNG files, and what would help.</returns>
    public static async Task<string?> ToPngAsync(IReadOnlyList<string> svgFiles, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Within);
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", [Script, $"{WidthPixels}", .. svgFiles]) { RedirectStandardError = true })
                ?? throw new UnreachableException("A program that is not the shell's gives a process.");
            try
            {
                var errors = await node.StandardError.ReadToEndAsync(limit.Token);
                await node.WaitForExitAsync(limit.Token);
                return node.ExitCode == 0 ? null : $"the plots are SVG only: {Script} failed: {errors.Trim()}";
            }
            finally
            {
                if (!node.HasExited)
                    node.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception)
        {
            return "the plots are SVG only: PNG needs Node.js 18 or newer (on Debian: apt-get install nodejs)";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"the plots are SVG only: PNG took longer than {Within.TotalMinutes} minutes";
        }
    }
}
