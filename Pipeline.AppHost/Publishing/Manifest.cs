using System.Buffers;
using System.Text;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace Embedded.Aspire.Publishing;

/// <summary>The deployment manifest: the application as JSON, for tools that deploy it.</summary>
internal static class Manifest
{
    private static readonly JsonWriterOptions Form = new() { Indented = true, NewLine = "\n" };

    /// <param name="model">The application.</param>
    /// <param name="executionContext">Publish mode.</param>
    /// <param name="file">Where the manifest will lie; paths in it are relative to that place.</param>
    /// <param name="forAspirate">Whether to avoid what aspirate 9 cannot read.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public static async Task<string> WriteAsync(
        DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext, string file, bool forAspirate,
        CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer, Form))
        {
            await new ManifestPublishingContext(executionContext, file, writer, cancellation).WriteModelAsync(model);
        }
        if (!forAspirate) return Encoding.UTF8.GetString(buffer.WrittenSpan);

        var manifest = AspirateCompat.Simplify(buffer.WrittenSpan);
        buffer.Clear();
        await using (var writer = new Utf8JsonWriter(buffer, Form)) manifest.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
