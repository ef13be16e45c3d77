using System.Security.Cryptography;
using System.Text;
using Pipeline.ServiceDefaults;

namespace Pipeline.Inference.Models;

/// <summary>A model as it lies on disk: an ONNX file, the weights that it keeps outside of itself, and what is said of it beside it.</summary>
internal sealed class ModelFile
{
    private const int VersionDigits = 12;

    private ModelFile(string path, byte[] onnx, bool hasExternalData, ModelCard? card, ModelStamp stamp, string version) =>
        (Path, Onnx, HasExternalData, Card, Stamp, Version) = (path, onnx, hasExternalData, card, stamp, version);

    /// <summary>Of the ONNX file, whole.</summary>
    public string Path { get; }

    public byte[] Onnx { get; }

    /// <summary>Whether there is more of it in other files.</summary>
    public bool HasExternalData { get; }

    /// <summary>What <c>model.json</c> beside it says; null where there is none.</summary>
    public ModelCard? Card { get; }

    /// <summary>The first 12 hex digits of the SHA-256 of all that it is made of; of a model in one file, that file's.</summary>
    public string Version { get; }

    public ModelStamp Stamp { get; }

    /// <summary>What it is called where nobody names it: as its file, or as its folder where that is just <c>model.onnx</c>.</summary>
    public string FileName => System.IO.Path.GetFileNameWithoutExtension(Path) is var name && name != "model"
        ? name
        : System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(Path)) is { Length: > 0 } folder ? folder : name;

    /// <param name="nameOrPath">A shipped model's name, an ONNX file, or a folder with one.</param>
    /// <exception cref="StartupException">There is none, or it cannot be read.</exception>
    public static ModelFile Read(string nameOrPath)
    {
        var path = Find(nameOrPath);
        try
        {
            var stamp = ModelStamp.Of(Own(path));
            var onnx = File.ReadAllBytes(path);
            var card = ReadCard(System.IO.Path.Combine(Folder(path), ModelCard.FileName), out var cardBytes);
            var external = ExternalData.Of(onnx);
            string[] beside = [.. external, .. card?.LabelsFile is { } labels ? (string[])[labels] : []];
            stamp += ModelStamp.Of(Beside(path, beside));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(onnx);
            hash.AppendData(cardBytes);
            foreach (var file in Beside(path, beside))
            {
                Append(hash, file);
            }

            var version = Convert.ToHexStringLower(hash.GetHashAndReset())[..VersionDigits];
            return new ModelFile(path, onnx, external.Count > 0, card, new ModelStamp(nameOrPath, beside, stamp), version);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The model {path} cannot be read ({missing.Message}).",
                $"All its files must be there: external data and the labels that {ModelCard.FileName} names lie beside it. Model__Name is its path.", missing);
        }
    }

    /// <summary>The lines of a text file beside the model.</summary>
    /// <exception cref="StartupException">It cannot be read.</exception>
    public string[] ReadLines(string name)
    {
        try
        {
            return File.ReadAllLines(System.IO.Path.Combine(Folder(Path), name), Encoding.UTF8);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The labels of the model {Path} cannot be read ({missing.Message}).",
                $"labels in {ModelCard.FileName} is a list, or a text file beside it.", missing);
        }
    }

    /// <summary>The files that every model may have.</summary>
    public static string[] Own(string path) => [path, System.IO.Path.Combine(Folder(path), ModelCard.FileName)];

    public static IEnumerable<string> Beside(string path, IReadOnlyList<string> names) => names.Select(name => System.IO.Path.Combine(Folder(path), name));

    /// <summary>The ONNX file.</summary>
    /// <exception cref="StartupException">There is none.</exception>
    public static string Find(string nameOrPath)
    {
        if (ShippedModels.Find(nameOrPath) is { } shipped)
        {
            return shipped;
        }

        var path = System.IO.Path.GetFullPath(nameOrPath);
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new StartupException($"There is no model '{nameOrPath}'.",
                $"Model__Name is one of {string.Join(", ", ShippedModels.Names)}, or the path of an ONNX file of your own or of a folder with one.");
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*.onnx").Order(StringComparer.Ordinal)];
        return files switch
        {
            [var only] => only,
            [] => throw new StartupException($"The folder {path} has no ONNX file.", "Put one there, or name the file itself in Model__Name."),
            _ => files.FirstOrDefault(file => System.IO.Path.GetFileName(file) == "model.onnx") ?? throw new StartupException(
                $"The folder {path} has {files.Length} ONNX files.",
                $"Name one of them in Model__Name, or call it model.onnx: {string.Join(", ", files.Select(System.IO.Path.GetFileName))}."),
        };
    }

    private static ModelCard? ReadCard(string path, out byte[] bytes)
    {
        bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        return File.Exists(path) ? ModelCard.Parse(bytes, path) : null;
    }

    private static void Append(IncrementalHash hash, string file)
    {
        using var content = File.OpenRead(file);
        var buffer = new byte[1024 * 1024];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }
    }

    private static string Folder(string path) => System.IO.Path.GetDirectoryName(path)!;
}
