namespace Embedded.MongoDB.Security;

/// <summary>Who is at the other end of a connection.</summary>
/// <param name="id">Counts from 1; clients see it in the hello.</param>
/// <param name="remote">The client's address and port.</param>
internal sealed class Client(int id, string remote)
{
    public int Id => id;

    public string Remote => remote;

    public Login Login { get; } = new();
}
