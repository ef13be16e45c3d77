using System.Globalization;
using Pipeline.ServiceDefaults;

namespace Pipeline.Inference.Models;

/// <summary>Which files a model was made of, how long they were and when they were written: what changes when they do.</summary>
/// <param name="NameOrPath">Where it was looked for.</param>
/// <param name="Beside">The names of what lies beside it, but for its card.</param>
/// <param name="Text">Of the files that were read, taken before they were.</param>
internal sealed record ModelStamp(string NameOrPath, IReadOnlyList<string> Beside, string Text)
{
    /// <summary>The same, of what lies there now.</summary>
    public string Now()
    {
        try
        {
            var path = ModelFile.Find(NameOrPath);
            return Of(ModelFile.Own(path)) + Of(ModelFile.Beside(path, Beside));
        }
        catch (StartupException gone)
        {
            return gone.Message;
        }
    }

    public static string Of(IEnumerable<string> files) => string.Concat(files.Select(Of));

    private static string Of(string file)
    {
        try
        {
            // Behind a link lies what counts: a cluster changes mounted files by changing links.
            var info = File.ResolveLinkTarget(file, returnFinalTarget: true) as FileInfo ?? new FileInfo(file);
            return string.Create(CultureInfo.InvariantCulture, $"{info.FullName} {info.Length} {info.LastWriteTimeUtc.Ticks}\n");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return $"{file}\n";
        }
    }
}
