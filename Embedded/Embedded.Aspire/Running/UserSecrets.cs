using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Embedded.Aspire.Running;

/// <summary>
/// The file where <c>dotnet user-secrets</c> keeps what is not for the repository. Values that are made once, such as passwords,
/// are kept there too: the data that they open outlives the run.
/// </summary>
internal sealed class UserSecrets
{
    private const long MaxFileBytes = 1024 * 1024;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly Lock Gate = new();

    private UserSecrets(string path) => Path = path;

    public string Path { get; }

    /// <summary>The AppHost's file; null when its project has no <c>UserSecretsId</c>. The file need not exist.</summary>
    public static UserSecrets? Of(Assembly? appHost) => appHost?.GetCustomAttribute<UserSecretsIdAttribute>() is { } id
        ? new UserSecrets(PathHelper.GetSecretsPathFromSecretsId(id.UserSecretsId))
        : null;

    /// <summary>In a file of one's own choice.</summary>
    public static UserSecrets In(string path) => new(path);

    /// <summary>The value that is kept under a key; otherwise a new one, which is kept from now on.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public string GetOrAdd(string key, Func<string> make)
    {
        lock (Gate)
        {
            var all = Read();
            if (all[key]?.GetValue<string>() is { } kept) return kept;
            var made = make();
            all[key] = made;
            Write(all);
            return made;
        }
    }

    private JsonObject Read()
    {
        if (!File.Exists(Path)) return [];
        if (new FileInfo(Path).Length > MaxFileBytes) throw new IOException($"The user secrets '{Path}' are larger than {MaxFileBytes} bytes.");
        try
        {
            // The tool writes a byte order mark, which the reader of text drops.
            return JsonNode.Parse(File.ReadAllText(Path), nodeOptions: null, Lenient) as JsonObject ?? [];
        }
        catch (JsonException e)
        {
            throw new IOException($"The user secrets '{Path}' are not valid JSON: {e.Message}", e);
        }
    }

    // A new file takes the place of the old one, so a crash leaves one or the other. It is for its owner alone.
    private void Write(JsonObject all)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var next = $"{Path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(next, options)) writer.Write(all.ToJsonString(Indented));
        File.Move(next, Path, overwrite: true);
    }
}

/// <summary>A value that is made once and kept in the user secrets.</summary>
internal sealed class KeptParameterDefault(ParameterDefault made, string key, UserSecrets secrets) : ParameterDefault
{
    public override string GetDefaultValue() => secrets.GetOrAdd(key, made.GetDefaultValue);

    public override void WriteToManifest(ManifestPublishingContext context) => made.WriteToManifest(context);
}
