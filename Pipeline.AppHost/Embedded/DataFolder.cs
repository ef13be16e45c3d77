/// <summary>Where embedded servers keep their files: a folder that stays, or one that goes with the run.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The option's value for a folder of this run alone.</summary>
    private const string Temporary = ":temp:";

    private readonly string _path;
    private readonly bool _isTemporary;

    /// <summary>Names the folder; it is made by the server that first writes to it.</summary>
    /// <param name="data">A path, relative to the solution, or <c>:temp:</c>.</param>
    public DataFolder(string data, string solutionDirectory)
    {
        _isTemporary = data == Temporary;
        _path = _isTemporary
            ? Path.Combine(Path.GetTempPath(), $"pipeline-{Guid.NewGuid():N}")
            : Path.GetFullPath(data, solutionDirectory);
    }

    /// <summary>The part of the folder that belongs to one server.</summary>
    public string For(string server) => Path.Combine(_path, server);

    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}

internal static class DataFolderExtensions
{
    /// <summary>
    /// Where embedded servers keep their files; null where containers are the servers: when publishing, and with <c>--Servers containers</c>.
    /// </summary>
    public static DataFolder? OpenDataFolder(this IDistributedApplicationBuilder builder, PipelineOptions options) =>
        builder.ExecutionContext.IsPublishMode || options.Servers == Servers.Containers
            ? null
            : new DataFolder(options.Data, Path.Combine(builder.AppHostDirectory, ".."));
}
