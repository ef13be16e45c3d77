using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace Embedded.Aspire.Publishing;

/// <summary>What is to be published, and where to. The switches are Aspire's, in the old form (<c>--publisher</c>) and the new (<c>--step</c>).</summary>
/// <param name="Step">Which output; null is Aspire's default for the form that was used.</param>
/// <param name="OutputPath">A file or a folder, relative to the current one; null leaves it to the step.</param>
/// <param name="ForAspirate">Whether the manifest avoids what aspirate 9 cannot read.</param>
internal sealed record PublishOptions(string Step, string? OutputPath, bool ForAspirate)
{
    public const string ManifestPublisher = "manifest";
    private const string AspirateFlag = "--aspirate-compat";

    public static PublishOptions Read(IConfiguration configuration)
    {
        var publisher = configuration["Publishing:Publisher"] ?? configuration["publisher"];
        if (publisher is not (null or ManifestPublisher))
        {
            throw new DistributedApplicationException(
                $"There is no publisher '{publisher}'. Use --publisher {ManifestPublisher}, or --operation publish --step STEP.");
        }
        return new(
            configuration["Pipeline:Step"] ?? configuration["step"] ?? (publisher is null ? Publisher.AllStep : Publisher.ManifestStep),
            configuration["Pipeline:OutputPath"] ?? configuration["Publishing:OutputPath"] ?? configuration["output-path"],
            configuration.GetValue("Publishing:AspirateCompat", configuration.GetValue("aspirate-compat", false)));
    }

    /// <summary>.NET's configuration takes the word after a switch for its value; this switch has none.</summary>
    public static string[]? WithFlagValues(string[]? args) => args is null ? null : [.. args.Select(arg => arg == AspirateFlag ? $"{AspirateFlag}=true" : arg)];
}
