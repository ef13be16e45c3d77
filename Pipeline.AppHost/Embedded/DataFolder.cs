/// <summary>Where broker and store keep their files: a folder that stays, or one that goes with the run.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The option's value for a folder of this run alone.</summary>
    public const string Temporary = ":temp:";

    private readonly string _path;
    private readonly bool _isTemporary;

    private DataFolder(string path, bool isTemporary) => (_path, _isTemporary) = (path, isTemporary);

    /// <summary>Opens the folder; a relative path is beside the solution.</summary>
    /// <exception cref="BadOptionException">The folder cannot be made.</exception>
    public static DataFolder Open(string data, string solutionDirectory)
    {
        try
        {
            return data == Temporary
                ? new DataFolder(Directory.CreateTempSubdirectory("pipeline-").FullName, isTemporary: true)
                : new DataFolder(Directory.CreateDirectory(Path.GetFullPath(data, solutionDirectory)).FullName, isTemporary: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadOptionException(
                $"--Data is '{data}', and that folder cannot be made: {exception.Message} Choose one that can be written, or {Temporary}.");
        }
    }

    /// <summary>The part of the folder that belongs to one server.</summary>
    public string For(string resource) => Directory.CreateDirectory(Path.Combine(_path, resource)).FullName;

    public void Dispose()
    {
        if (_isTemporary)
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
