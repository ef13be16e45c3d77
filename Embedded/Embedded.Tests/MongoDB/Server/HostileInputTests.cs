using System.Buffers.Binary;
using System.Text;
using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Server;

/// <summary>Whatever one connection sends, the others go on being served.</summary>
public sealed class HostileInputTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(0), InlineData(15), InlineData(-1), InlineData(int.MaxValue), InlineData(48_000_001)]
    public async Task An_impossible_length_closes_the_connection(int length)
    {
        await using var client = await _server.ConnectAsync();
        var message = client.Message(Shell.Bson("{ping: 1}"), "test");
        BitConverter.TryWriteBytes(message, length);
        await client.SendAsync(message);

        Assert.Null(await client.ReadReplyAsync());
        await StillServesAsync();
    }

    [Theory]
    [InlineData(1), InlineData(1000), InlineData(2001), InlineData(2002), InlineData(2005), InlineData(2006), InlineData(2007), InlineData(2012),
        InlineData(-7)]
    public async Task An_operation_that_was_removed_or_never_was_closes_the_connection(int operation)
    {
        await using var client = await _server.ConnectAsync();
        var message = client.Message(Shell.Bson("{ping: 1}"), "test");
        BitConverter.TryWriteBytes(message.AsSpan(12), operation);
        await client.SendAsync(message);

        Assert.Null(await client.ReadReplyAsync());
        await StillServesAsync();
    }

    [Fact]
    public async Task A_message_that_ends_early_closes_the_connection()
    {
        await using var client = await _server.ConnectAsync();
        var message = client.Message(Shell.Bson("{ping: 1}"), "test");
        await client.SendAsync(message.AsMemory(0, message.Length - 3));
        client.FinishSending();

        Assert.Null(await client.ReadReplyAsync());
        await StillServesAsync();
    }

    [Fact]
    public async Task Announced_megabytes_that_never_come_cost_nothing()
    {
        var connections = new List<RawConnection>();
        var before = Environment.WorkingSet;
        for (var i = 0; i < 100; i++)
        {
            var client = await _server.ConnectAsync();
            connections.Add(client);
            var head = client.Message(Shell.Bson("{ping: 1}"), "test")[..26];
            BitConverter.TryWriteBytes(head, 48_000_000);
            await client.SendAsync(head);
        }

        await StillServesAsync();
        Assert.True(Environment.WorkingSet - before < 100 * 1024 * 1024);
        foreach (var client in connections)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Flipped_bits_in_a_whole_command_harm_nobody_else()
    {
        var random = new Random(42);
        await using var bystander = await _server.ConnectAsync();
        await bystander.SucceedAsync("{insert: 'kept', documents: [{_id: 1}]}", "safe");
        for (var i = 0; i < 600; i++)
        {
            await using var client = await _server.ConnectAsync();
            var message = client.Message(
                Shell.Bson("{update: 'c', ordered: false}"), "test",
                ("updates", [Shell.Bson("{q: {_id: 1, a: {$in: [1, 'x', null]}}, u: {$set: {'a.b': [1, {c: 2}]}}, upsert: true}")]));
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                var bit = random.Next(16 * 8, message.Length * 8);
                message[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            await client.SendAsync(message);
            client.FinishSending();
            await client.ReadReplyAsync();
        }

        Assert.Equal(1, (await bystander.SucceedAsync("{count: 'kept'}", "safe"))["n"].AsInt32);
    }

    public static TheoryData<string, byte[]> MalformedBodies()
    {
        var data = new TheoryData<string, byte[]>();
        void Add(string what, byte type, params byte[] value) => data.Add(what, [type, (byte)'x', 0, .. value]);
        Add("string of length 0", 2, 0, 0, 0, 0);
        Add("string of length -1", 2, 255, 255, 255, 255, 0);
        Add("string of 2 GB", 2, 255, 255, 255, 127, 0);
        Add("string without its end", 2, 2, 0, 0, 0, 65, 66);
        Add("document of length 0", 3, 0, 0, 0, 0);
        Add("document of length 4", 3, 4, 0, 0, 0);
        Add("document longer than its parent", 3, 200, 0, 0, 0, 0);
        Add("binary of length -1", 5, 255, 255, 255, 255, 0);
        Add("boolean 2", 8, 2);
        Add("unknown type", 0x20, 0);
        Add("regex without end", 11, 65);
        Add("code with scope that lies", 15, 200, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0);
        return data;
    }

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task Bytes_that_are_no_document_are_refused(string what, byte[] element)
    {
        await using var client = await _server.ConnectAsync();
        var document = new byte[4 + element.Length + 1];
        BinaryPrimitives.WriteInt32LittleEndian(document, document.Length);
        element.CopyTo(document, 4);
        var reply = await client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents", [document]));

        Assert.True(reply["ok"] == 0 && reply["code"] == 22, $"{what}: {reply}");
    }

    [Theory]
    [InlineData(150, true), InlineData(205, false), InlineData(100_000, false)]
    public async Task Nesting_is_bounded_and_never_a_stack(int depth, bool isFine)
    {
        await using var client = await _server.ConnectAsync();
        var document = Nested(depth);
        var reply = await client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents", [document]));
        var asFilter = await client.RunAsync(Join("{find: 'c'}", "filter", document));

        Assert.Equal(isFine, reply["ok"] == 1);
        Assert.NotNull(asFilter);
        await StillServesAsync();
    }

    [Fact]
    public async Task A_document_above_the_limit_is_refused_and_its_neighbours_stand()
    {
        await using var client = await _server.ConnectAsync();
        var large = new BsonDocument { { "_id", 1 }, { "a", new string('x', 16 * 1024 * 1024) } };
        var reply = await client.RunAsync(
            Shell.Bson("{insert: 'c', ordered: false}"), "test", ("documents", [large.ToBson(), Shell.Bson("{_id: 2}")]));

        Assert.Equal(1, reply["n"].AsInt32);
        Assert.Equal(10334, reply["writeErrors"][0]["code"].AsInt32);
    }

    [Theory]
    [InlineData(""), InlineData("."), InlineData("$"), InlineData("a..b"), InlineData("a."), InlineData("\ufffd")]
    public async Task Odd_names_are_answered(string name)
    {
        await using var client = await _server.ConnectAsync();
        var document = new BsonDocument { { "_id", 1 }, { name, 1 } };
        await client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents", [document.ToBson()]));
        await client.RunAsync(new BsonDocument { { "find", "c" }, { "filter", new BsonDocument(name, 1) } }.ToBson());
        await client.RunAsync(new BsonDocument { { "find", name } }.ToBson());
        await client.RunAsync(Shell.Bson("{ping: 1}"), name);
        var update = new BsonDocument { { "q", new BsonDocument() }, { "u", new BsonDocument("$set", new BsonDocument(name, 1)) } };
        await client.RunAsync(new BsonDocument { { "update", "c" }, { "updates", new BsonArray { update } } }.ToBson());

        await StillServesAsync();
    }

    [Theory]
    [InlineData("{find: 'c', limit: NumberLong(-9223372036854775808)}")]
    [InlineData("{find: 'c', skip: 1e300}")]
    [InlineData("{find: 'c', batchSize: NaN}")]
    [InlineData("{find: 'c', maxTimeMS: -5}")]
    [InlineData("{getMore: NumberLong(5), collection: 'c'}")]
    [InlineData("{count: 'c', limit: NumberLong(-9223372036854775808)}")]
    [InlineData("{killCursors: 'c', cursors: 5}")]
    [InlineData("{listCollections: 1, cursor: {batchSize: 'x'}}")]
    [InlineData("{createIndexes: 'c', indexes: [{key: {a: 1}, expireAfterSeconds: NaN}]}")]
    [InlineData("{explain: {explain: {find: 'c'}}}")]
    [InlineData("{find: {a: 1}}")]
    [InlineData("{update: 'c', updates: [{q: 1, u: 2}]}")]
    [InlineData("{delete: 'c', deletes: [5]}")]
    [InlineData("{endSessions: 7}")]
    [InlineData("{}")]
    public async Task Absurd_options_are_answered(string command)
    {
        await using var client = await _server.ConnectAsync();
        await client.RunAsync(command);

        await StillServesAsync();
    }

    [Fact]
    public async Task A_pattern_that_would_run_for_ever_is_stopped()
    {
        await using var client = await _server.ConnectAsync();
        await client.SucceedAsync($"{{insert: 'c', documents: [{{_id: 1, a: '{new string('a', 40)}!'}}]}}");
        var reply = await client.RunAsync("{find: 'c', filter: {a: {$regex: '(a+)+$'}}}");

        Assert.NotNull(reply);
        await StillServesAsync();
    }

    /// <summary><c>{a: {a: {a: … {}}}}</c>: each level is a length, an element's head, and an end.</summary>
    private static byte[] Nested(int depth)
    {
        const int HeadBytes = 7;
        var document = new byte[(depth - 1) * (HeadBytes + 1) + 5];
        for (var level = 0; level < depth; level++)
        {
            var at = level * HeadBytes;
            BinaryPrimitives.WriteInt32LittleEndian(document.AsSpan(at), (depth - 1 - level) * (HeadBytes + 1) + 5);
            if (level < depth - 1)
            {
                (document[at + 4], document[at + 5]) = (3, (byte)'a');
            }
        }

        return document;
    }

    private static byte[] Join(string command, string name, byte[] document)
    {
        var joined = new BsonBuffer();
        var start = joined.BeginDocument();
        for (var elements = new Elements(Shell.Bson(command)); elements.MoveNext();)
        {
            joined.Write(elements.Element);
        }

        joined.WriteElement(Encoding.UTF8.GetBytes(name), RawValue.Document(document));
        joined.EndDocument(start);
        return joined.ToArray();
    }

    private async Task StillServesAsync()
    {
        await using var other = await _server.ConnectAsync();
        await other.SucceedAsync("{ping: 1}");
    }
}
