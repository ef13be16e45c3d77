namespace Embedded.Tests.Support;

/// <summary>A folder of its own for one test, deleted when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("embedded-tests-").FullName;

    public string Path { get; }

    /// <summary>A path inside the folder; nothing is created.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        // A server killed a moment ago may still hold the folder for an instant; the system's temp cleaner takes what is left.
        try { Directory.Delete(Path, recursive: true); }
        catch (IOException) { }
    }
}
