using System.Text;
using Embedded.MongoDB;
using Embedded.MongoDB.Security;
using Embedded.Tests.MongoDB.Support;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Embedded.Tests.MongoDB.Security;

/// <summary>A server with a user lets in who knows the password, and tells nobody else anything.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private const string Name = "owner,=é";
    private const string Password = "p@ss: word/1";

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(new RootUser(Name, Password));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_password_lets_in()
    {
        using var client = Connect(_server.Url, Name, Password);
        var things = client.GetDatabase("test").GetCollection<BsonDocument>("things");

        await things.InsertOneAsync(new BsonDocument("a", 1));

        Assert.Equal(1, await things.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        var status = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("connectionStatus", 1));
        Assert.Equal(new BsonArray { new BsonDocument { { "user", Name }, { "db", "admin" } } }, status["authInfo"]["authenticatedUsers"]);
    }

    [Theory]
    [InlineData(Name, "wrong", "admin")]
    [InlineData("nobody", Password, "admin")]
    [InlineData(Name, Password, "test")]
    public async Task Another_password_user_or_source_is_refused_in_the_same_words(string user, string password, string source)
    {
        using var client = Connect(_server.Url, user, password, source);

        var refused = await Assert.ThrowsAsync<MongoAuthenticationException>(() => FindAsync(client));

        var reason = Assert.IsType<MongoCommandException>(refused.InnerException);
        Assert.Equal((18, "AuthenticationFailed", "Authentication failed."), (reason.Code, reason.CodeName, reason.ErrorMessage));
    }

    [Fact]
    public async Task Without_credentials_a_command_needs_authentication()
    {
        using var client = new MongoClient(_server.Url);

        var refused = await Assert.ThrowsAsync<MongoCommandException>(() => FindAsync(client));

        Assert.Equal((13, "Unauthorized", "Command find requires authentication"), (refused.Code, refused.CodeName, refused.ErrorMessage));
    }

    [Fact]
    public async Task A_server_without_a_user_knows_no_password()
    {
        await using var open = await RunningServer.StartAsync();
        using var client = Connect(open.Url, Name, Password);

        await Assert.ThrowsAsync<MongoAuthenticationException>(() => FindAsync(client));
    }

    [Fact]
    public async Task Before_a_login_only_the_handshake_is_answered()
    {
        await using var client = await _server.ConnectAsync();
        string[] open = ["buildInfo", "buildinfo", "connectionStatus", "endSessions", "hello", "isMaster", "ismaster", "logout", "ping",
            "saslContinue", "saslStart", "whatsmyuri"];

        foreach (var command in CommandTable.All.Select(command => command.Name))
        {
            if (!command.StartsWith("sasl", StringComparison.Ordinal))
            {
                Assert.Equal(!open.Contains(command), CodeOf(await client.RunAsync($"{{{command}: 1}}", "admin")) == 13);
            }
        }
    }

    [Fact]
    public async Task A_new_password_counts_from_the_next_start_and_the_data_is_still_there()
    {
        using var folder = new TemporaryFolder();
        for (var start = 1; start <= 2; start++)
        {
            var password = $"password-{start}";
            await using var server = await ServerProcess.StartMongoDBAsync(
                folder.Path, new Dictionary<string, string> { [RootUser.NameVariable] = "owner", [RootUser.PasswordVariable] = password });
            using var client = new MongoClient($"mongodb://owner:{password}@{server.Address}/?authSource=admin");
            var things = client.GetDatabase("test").GetCollection<BsonDocument>("things");
            await things.InsertOneAsync(new BsonDocument("_id", start), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(start,
                await things.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(0, await server.StopAsync());
        }

        foreach (var file in Directory.EnumerateFiles(folder.Path))
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf("password-"u8));
        }
    }

    [Theory]
    [InlineData("n,,n=owner")]
    [InlineData("n,,n=owner,r=")]
    [InlineData("p=tls-unique,,n=owner,r=abc")]
    [InlineData("")]
    public async Task A_first_message_that_is_none_is_refused_and_harms_nobody(string payload)
    {
        await using var client = await _server.ConnectAsync();

        Assert.Equal(18, await StartAsync(client, payload));
        Assert.Equal(17, await ContinueAsync(client, "c=biws,r=abc,p=AAAA"));
        Assert.Equal(0, (await client.RunAsync("{ping: 1}")).GetValue("code", 0).AsInt32);
        Assert.Equal(13, (await client.RunAsync("{find: 'things'}"))["code"].AsInt32);
    }

    [Fact]
    public async Task A_huge_nonce_and_bytes_that_are_no_text_are_refused()
    {
        await using var client = await _server.ConnectAsync();

        Assert.Equal(18, await StartAsync(client, "n,,n=owner,r=" + new string('x', 1_000_000)));
        Assert.Equal(
            18, CodeOf(await client.RunAsync("{saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: BinData('6e2c2c6e3dff2c723d61')}", "admin")));
    }

    [Fact]
    public async Task Messages_in_the_wrong_order_are_refused()
    {
        await using var client = await _server.ConnectAsync();

        Assert.Equal(17, await ContinueAsync(client, ""));
        Assert.Equal(0, await StartAsync(client, "n,,n=owner,r=abc"));
        Assert.Equal(18, await ContinueAsync(client, "n,,n=owner,r=abc"));
        Assert.Equal(17, await ContinueAsync(client, ""));
        Assert.Equal(334, CodeOf(await client.RunAsync("{saslStart: 1, mechanism: 'PLAIN', payload: BinData('')}", "admin")));
    }

    [Fact]
    public async Task A_connection_that_guesses_is_closed()
    {
        await using var client = await _server.ConnectAsync();
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal(0, await StartAsync(client, "n,,n=owner,r=abc"));
            Assert.Equal(18, await ContinueAsync(client, "c=biws,r=abc,p=AAAA"));
        }

        await client.SendAsync(client.Message(Shell.Bson("{ping: 1}"), "admin"));
        Assert.Null(await client.ReadReplyAsync());
    }

    [Fact]
    public async Task The_salt_of_a_user_that_does_not_exist_stays_the_same()
    {
        await using var client = await _server.ConnectAsync();
        async Task<string> SaltAsync(string user)
        {
            var reply = await client.RunAsync(Start($"n,,n={user},r=abc"), "admin");
            return Encoding.UTF8.GetString(reply["payload"].AsByteArray).Split(',')[1];
        }

        Assert.Equal(await SaltAsync("nobody"), await SaltAsync("nobody"));
        Assert.NotEqual(await SaltAsync("nobody"), await SaltAsync("somebody"));
        Assert.Equal((await SaltAsync("owner")).Length, (await SaltAsync("nobody")).Length);
    }

    private static MongoClient Connect(string url, string user, string password, string source = "admin")
    {
        var settings = MongoClientSettings.FromConnectionString(url);
        settings.Credential = MongoCredential.CreateCredential(source, user, password);
        return new(settings);
    }

    private static Task<BsonDocument> FindAsync(MongoClient client) =>
        client.GetDatabase("test").GetCollection<BsonDocument>("things").Find(FilterDefinition<BsonDocument>.Empty)
            .FirstOrDefaultAsync(TestContext.Current.CancellationToken);

    private static string Start(string payload) =>
        $"{{saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: BinData('{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(payload))}')}}";

    private static async Task<int> StartAsync(RawConnection client, string payload) => CodeOf(await client.RunAsync(Start(payload), "admin"));

    private static async Task<int> ContinueAsync(RawConnection client, string payload) => CodeOf(await client.RunAsync(
        $"{{saslContinue: 1, conversationId: 1, payload: BinData('{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(payload))}')}}", "admin"));

    private static int CodeOf(BsonDocument reply) => reply.GetValue("code", 0).AsInt32;
}
