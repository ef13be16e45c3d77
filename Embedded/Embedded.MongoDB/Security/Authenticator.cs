using System.Security.Cryptography;
using System.Text;

namespace Embedded.MongoDB.Security;

/// <summary>Who may use this server: its one user, or everybody where it has none.</summary>
internal sealed class Authenticator
{
    public const string Mechanism = "SCRAM-SHA-256";

    /// <summary>The database that the user belongs to: the <c>authSource</c> of clients.</summary>
    public const string Source = "admin";

    private const int NonceBytes = 24;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
    private readonly string? _name;
    private readonly ScramCredential? _credential;

    public Authenticator(RootUser? user)
    {
        if (user is null)
        {
            return;
        }

        _name = user.Name;
        _credential = ScramCredential.Derive(user.Password, RandomNumberGenerator.GetBytes(ScramCredential.SaltBytes));
    }

    /// <summary>Commands need a login.</summary>
    public bool IsRequired => _credential is not null;

    /// <summary>Begins a login; null where the message is none.</summary>
    public ScramConversation? Begin(string database, ReadOnlySpan<byte> payload, bool skipsEmptyExchange) =>
        ClientFirst.TryParse(payload, out var first)
        ? new(first, Find(database, first.User), Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes)), skipsEmptyExchange)
        : null;

    /// <summary>An unknown user gets a credential that no password fits, always with the same salt, so that nobody learns who exists.</summary>
    private ScramCredential Find(string database, string user) => _credential is not null && user == _name && database == Source
        ? _credential
        : new(
            HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{database}.{user}"))[..ScramCredential.SaltBytes],
            ScramCredential.DefaultIterationCount,
            RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes),
            RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));
}
