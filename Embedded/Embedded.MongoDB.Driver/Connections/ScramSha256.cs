using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>
/// SCRAM-SHA-256 (RFC 5802, RFC 7677): the password never travels, and the server proves that it knows it too.
/// Passwords outside ASCII are only brought to Unicode form KC, which is most of what SASLprep asks for.
/// </summary>
internal static class ScramSha256
{
    private const int MinIterationCount = 4096;
    private const int MaxIterationCount = 1_000_000;

    /// <exception cref="MongoAuthenticationException">The server refused, or did not prove itself.</exception>
    public static async Task AuthenticateAsync(WireConnection connection, MongoCredential credential, CancellationToken cancellationToken)
    {
        var clientNonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        var conversation = new ScramConversation(credential.Username, credential.Password, clientNonce);

        var first = await SendAsync(connection, credential, new BsonDocument
        {
            { "saslStart", 1 },
            { "mechanism", "SCRAM-SHA-256" },
            { "payload", Encoding.UTF8.GetBytes(conversation.ClientFirst) },
            { "autoAuthorize", 1 },
            { "options", new BsonDocument("skipEmptyExchange", true) },
        }, cancellationToken).ConfigureAwait(false);

        var second = await SendAsync(connection, credential, new BsonDocument
        {
            { "saslContinue", 1 },
            { "conversationId", first.GetValue("conversationId", 1) },
            { "payload", Encoding.UTF8.GetBytes(conversation.ClientFinal(Payload(first))) },
        }, cancellationToken).ConfigureAwait(false);
        if (Payload(second) != conversation.ExpectedServerFinal)
            throw new MongoAuthenticationException($"The server did not prove that it knows {credential}.");

        if (!second.GetValue("done", true).ToBoolean())
        {
            await SendAsync(connection, credential, new BsonDocument
            {
                { "saslContinue", 1 },
                { "conversationId", first.GetValue("conversationId", 1) },
                { "payload", Array.Empty<byte>() },
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Payload(BsonDocument reply) => reply.TryGetValue("payload", out var payload) && payload is BsonBinaryData binary
        ? Encoding.UTF8.GetString(binary.Bytes)
        : throw new MongoAuthenticationException("The server's reply has no payload.");

    private static async Task<BsonDocument> SendAsync(
        WireConnection connection, MongoCredential credential, BsonDocument command, CancellationToken cancellationToken)
    {
        var reply = await connection.ExchangeAsync(new CommandCall(credential.Source, command), cancellationToken).ConfigureAwait(false);
        return reply.GetValue("ok", 0).ToBoolean()
            ? reply
            : throw new MongoAuthenticationException(
                $"Unable to authenticate {credential} using SCRAM-SHA-256: {reply.GetValue("errmsg", "")}", ServerErrors.From(new BsonDocument("sasl", 1), reply));
    }

    /// <summary>The text of one exchange; nothing of it touches the network, so the published vectors can check it.</summary>
    internal sealed class ScramConversation(string username, string password, string clientNonce)
    {
        private readonly string _clientFirstBare = $"n={username.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={clientNonce}";

        public string ClientFirst => "n,," + _clientFirstBare;

        /// <summary>What the server must say at the end; known after <see cref="ClientFinal"/>.</summary>
        public string? ExpectedServerFinal { get; private set; }

        public string ClientFinal(string serverFirst)
        {
            var fields = serverFirst.Split(',').Where(part => part.Length > 1 && part[1] == '=').ToDictionary(part => part[0], part => part[2..]);
            if (!fields.TryGetValue('r', out var nonce) || !nonce.StartsWith(clientNonce, StringComparison.Ordinal)
                || !fields.TryGetValue('s', out var salt) || !fields.TryGetValue('i', out var count)
                || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterationCount)
                || iterationCount is < MinIterationCount or > MaxIterationCount)
                throw new MongoAuthenticationException("The server's first answer is not one of SCRAM-SHA-256.");

            var withoutProof = $"c=biws,r={nonce}";
            var authMessage = Encoding.UTF8.GetBytes($"{_clientFirstBare},{serverFirst},{withoutProof}");
            var salted = Rfc2898DeriveBytes.Pbkdf2(
                Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), Convert.FromBase64String(salt), iterationCount, HashAlgorithmName.SHA256, 32);
            var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
            var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
            for (var i = 0; i < clientKey.Length; i++)
                clientKey[i] ^= signature[i];
            ExpectedServerFinal = "v=" + Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage));
            return $"{withoutProof},p={Convert.ToBase64String(clientKey)}";
        }
    }
}
