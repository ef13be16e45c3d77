using System.Security.Cryptography;

namespace Embedded.MongoDB.Security;

/// <summary>What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677): enough to check a proof, too little to make one.</summary>
internal sealed record ScramCredential(byte[] Salt, int IterationCount, byte[] StoredKey, byte[] ServerKey)
{
    public const int DefaultIterationCount = 15_000;
    public const int SaltBytes = 28;

    /// <summary>Of a password as it is written: of ASCII, that is what SASLprep (RFC 4013) makes of it.</summary>
    public static ScramCredential Derive(string password, byte[] salt, int iterationCount = DefaultIterationCount)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterationCount, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        return new(salt, iterationCount, SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)), HMACSHA256.HashData(salted, "Server Key"u8));
    }
}
