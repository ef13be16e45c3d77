namespace MongoDB.Driver;

/// <summary>A user and the database that knows it. Proven with SCRAM-SHA-256, so the password never travels.</summary>
public class MongoCredential
{
    private MongoCredential(string source, string username, string password) => (Source, Username, Password) = (source, username, password);

    public string Source { get; }

    public string Username { get; }

    internal string Password { get; }

    public static MongoCredential CreateCredential(string databaseName, string username, string password) => new(databaseName, username, password);

    /// <summary>User and database, without the password.</summary>
    public override string ToString() => $"{Username}@{Source}";
}
