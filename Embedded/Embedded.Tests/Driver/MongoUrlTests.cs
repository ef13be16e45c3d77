using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>Connection strings: what they say, and which say nothing sensible.</summary>
public sealed class MongoUrlTests
{
    [Theory]
    [InlineData("mongodb://127.0.0.1", "127.0.0.1:27017", null, null, null)]
    [InlineData("mongodb://localhost:27018/image_database", "localhost:27018", "image_database", null, null)]
    [InlineData("mongodb://a:1,b:2,c", "a:1 b:2 c:27017", null, null, null)]
    [InlineData("mongodb://[::1]:27019/x", "[::1]:27019", "x", null, null)]
    [InlineData("mongodb://[::1]", "[::1]:27017", null, null, null)]
    [InlineData("mongodb://alice:foo@127.0.0.1/test", "127.0.0.1:27017", "test", "alice", "foo")]
    [InlineData("mongodb://%24am:f%3Azzb%40z%2Fz%2F@127.0.0.1/admin", "127.0.0.1:27017", "admin", "$am", "f:zzb@z/z/")]
    [InlineData("mongodb://alice@127.0.0.1/?appName=x", "127.0.0.1:27017", null, "alice", null)]
    [InlineData("mongodb://%2Ftmp%2Fmongodb-27017.sock/db", "/tmp/mongodb-27017.sock:27017", "db", null, null)]
    [InlineData("mongodb://h/?unknownOption=1", "h:27017", null, null, null)]
    [InlineData("mongodb://h?appName=a", "h:27017", null, null, null)]
    public void A_connection_string_names_servers_database_and_user(string url, string servers, string? database, string? user, string? password)
    {
        var parsed = new MongoUrl(url);

        Assert.Equal(servers, string.Join(' ', parsed.Servers));
        Assert.Equal((database, user, password), (parsed.DatabaseName, parsed.Username, parsed.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://h")]
    [InlineData("mongodb://")]
    [InlineData("mongodb://h:0")]
    [InlineData("mongodb://h:65536")]
    [InlineData("mongodb://h:port")]
    [InlineData("mongodb://h,,g")]
    [InlineData("mongodb://u:p@ss@h")]
    [InlineData("mongodb://u:p:q@h")]
    [InlineData("mongodb://@h")]
    [InlineData("mongodb://u%zz:p@h")]
    [InlineData("mongodb://h/?appName")]
    [InlineData("mongodb://h/?appName=")]
    [InlineData("mongodb://h/?tls=yes")]
    [InlineData("mongodb://h/?tls=true&ssl=false")]
    [InlineData("mongodb://h/?maxPoolSize=-1")]
    [InlineData("mongodb://h/?connectTimeoutMS=soon")]
    [InlineData("mongodb://h/?readPreference=best")]
    [InlineData("mongodb://h/?readConcernLevel=best")]
    [InlineData("mongodb://h/?authMechanism=PLAIN")]
    [InlineData("mongodb://h,g/?directConnection=true")]
    [InlineData("mongodb://h/a$b")]
    [InlineData("mongodb+srv://h")]
    public void A_connection_string_that_makes_no_sense_is_refused(string url) =>
        Assert.Throws<MongoConfigurationException>(() => new MongoUrl(url));

    [Fact]
    public void Options_reach_the_settings_whatever_their_case()
    {
        var settings = MongoClientSettings.FromConnectionString(
            "mongodb://u:p@h/db?APPNAME=app&serverselectiontimeoutms=7&connectTimeoutMS=8&socketTimeoutMS=9&maxPoolSize=3&w=majority&journal=true"
            + "&wtimeoutMS=5&tls=true&tlsInsecure=true&replicaSet=rs&directConnection=true&readConcernLevel=local&readPreference=nearest&authSource=admin");

        Assert.Equal("app", settings.ApplicationName);
        Assert.Equal((7d, 8d, 9d), (settings.ServerSelectionTimeout.TotalMilliseconds, settings.ConnectTimeout.TotalMilliseconds, settings.SocketTimeout.TotalMilliseconds));
        Assert.Equal(3, settings.MaxConnectionPoolSize);
        Assert.Equal("""{ "w" : "majority", "wtimeout" : 5, "j" : true }""", settings.WriteConcern.ToString());
        Assert.True(settings is { UseTls: true, AllowInsecureTls: true, DirectConnection: true, ReplicaSetName: "rs" });
        Assert.Equal(ReadConcern.Local, settings.ReadConcern);
        Assert.Equal(ReadPreference.Nearest, settings.ReadPreference);
        Assert.Equal("u@admin", settings.Credential!.ToString());
    }

    [Theory]
    [InlineData("mongodb://h/?w=0", false)]
    [InlineData("mongodb://h/?w=1", true)]
    [InlineData("mongodb://h/", true)]
    public void A_write_concern_of_zero_is_unacknowledged(string url, bool isAcknowledged) =>
        Assert.Equal(isAcknowledged, MongoClientSettings.FromConnectionString(url).WriteConcern.IsAcknowledged);
}
