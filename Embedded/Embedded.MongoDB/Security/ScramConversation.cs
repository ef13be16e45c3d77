using System.Security.Cryptography;
using System.Text;

namespace Embedded.MongoDB.Security;

/// <summary>
/// One attempt to log in with SCRAM-SHA-256: two messages of the client, two answers, and an empty exchange for clients that ask for it.
/// </summary>
internal sealed class ScramConversation
{
    private readonly ClientFirst _first;
    private readonly ScramCredential _credential;
    private readonly string _nonce;
    private readonly bool _skipsEmptyExchange;
    private bool _isProven;

    /// <param name="first">The client's first message.</param>
    /// <param name="credential">Of the user it names.</param>
    /// <param name="serverNonce">Printable, without commas, and never used before.</param>
    /// <param name="skipsEmptyExchange">The client takes the proof's answer as the end.</param>
    public ScramConversation(ClientFirst first, ScramCredential credential, string serverNonce, bool skipsEmptyExchange)
    {
        _first = first;
        _credential = credential;
        _nonce = first.Nonce + serverNonce;
        _skipsEmptyExchange = skipsEmptyExchange;
        ServerFirst = $"r={_nonce},s={Convert.ToBase64String(credential.Salt)},i={credential.IterationCount}";
    }

    /// <summary>The answer to the first message.</summary>
    public string ServerFirst { get; }

    public string User => _first.User;

    /// <summary>Whether the client has shown that it knows the password, and there is nothing more to say.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The answer to a further message; null: refused, and the conversation is over.</summary>
    public string? Continue(ReadOnlySpan<byte> payload)
    {
        if (_isProven)
        {
            IsDone = payload.IsEmpty;
            return IsDone ? "" : null;
        }

        if (!ClientFinal.TryParse(payload, out var final) || final.Binding != _first.Header || final.Nonce != _nonce
            || final.Proof.Length != SHA256.HashSizeInBytes)
        {
            return null;
        }

        var signed = Encoding.UTF8.GetBytes($"{_first.Bare},{ServerFirst},{final.WithoutProof}");
        var key = HMACSHA256.HashData(_credential.StoredKey, signed);                   // the client's signature
        for (var i = 0; i < key.Length; i++)
        {
            key[i] ^= final.Proof[i];                                                   // the client's key
        }

        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(key), _credential.StoredKey))
        {
            return null;
        }

        _isProven = true;
        IsDone = _skipsEmptyExchange;
        return $"v={Convert.ToBase64String(HMACSHA256.HashData(_credential.ServerKey, signed))}";
    }
}
