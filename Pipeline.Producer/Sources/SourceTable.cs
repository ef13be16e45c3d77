using System.Diagnostics;
using Pipeline.Contracts.Options;

namespace Pipeline.Producer.Sources;

/// <summary>Which kind of source is read by what.</summary>
internal static class SourceTable
{
    /// <summary>Opens nothing yet. The pictures of CIFAR-10 are no source in this sense: simulated cameras show them.</summary>
    /// <param name="labels">What folders may be named after.</param>
    public static IPictureSource Of(SourceSpec spec, FolderLabels labels) => spec.Kind switch
    {
        SourceKind.Folder => new FolderSource(spec.Address, labels),
        SourceKind.Zip => new ZipSource(spec.Address, labels),
        SourceKind.Tar => new TarSource(spec.Address, labels),
        SourceKind.Http => new HttpSource(new Uri(spec.Address)),
        SourceKind.Ffmpeg => new FfmpegSource(spec.Address),
        _ => throw new UnreachableException($"{spec.Kind} is shown by simulated cameras."),
    };
}
