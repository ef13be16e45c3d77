using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Clients;

/// <summary>kcat, an independent program on an older librdkafka, against the broker as a process.</summary>
[Trait("Speed", "slow")]
public sealed class KcatTests : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private ServerProcess _broker = null!;

    public async ValueTask InitializeAsync()
    {
        Installed.Program("kcat", "apt-get install kcat");
        _broker = await ServerProcess.StartKafkaAsync(_data.Path, "--num.partitions", "4");
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _data.Dispose();
    }

    [Fact]
    public async Task Lists_one_broker_and_creates_a_topic_that_it_is_asked_about()
    {
        Assert.Contains($"broker 1 at {_broker.Address}", await KcatAsync("-L"), StringComparison.Ordinal);
        await KcatAsync("-L -t new1");

        Assert.Contains("topic \"new1\" with 4 partitions", await KcatAsync("-L -t new1"), StringComparison.Ordinal);
        Assert.Contains("\"topic\":\"new1\"", await KcatAsync("-L -J"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_codec_comes_back_and_is_stored_as_it_was_sent()
    {
        const int Count = 2_000;
        string[] codecs = ["none", "gzip", "snappy", "lz4", "zstd"];
        foreach (var codec in codecs)
        {
            var result = await ClientProgram.RunAsync(
                "kcat", ["-b", _broker.Address, "-P", "-t", "a2", "-z", codec, "-X", "debug=msg"], Numbers(Count));
            result.Succeeded();
            Assert.DoesNotContain("does not support compression", result.Errors, StringComparison.Ordinal);
        }

        var read = await KcatAsync("-C -t a2 -o beginning -e -q -X check.crcs=true");

        var times = read.Split('\n', StringSplitOptions.RemoveEmptyEntries).CountBy(line => line).ToDictionary();
        Assert.Equal(Count, times.Count);
        Assert.All(times, line => Assert.Equal(codecs.Length, line.Value));
        Assert.Equal([0, 1, 2, 3, 4], StoredCodecs().Order());
    }

    [Fact]
    public async Task Offsets_from_the_start_from_the_end_and_by_time_agree()
    {
        var beforeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await KcatAsync("-P -t a3 -p 0", Numbers(20));

        Assert.Equal("6\n7\n8", await KcatAsync("-C -t a3 -p 0 -o 5 -c 3 -q"));
        Assert.Equal("18\n19\n20", await KcatAsync("-C -t a3 -p 0 -o -3 -e -q"));
        Assert.Equal(20, (await KcatAsync($"-C -t a3 -p 0 -o s@{beforeMs} -e -q")).Split('\n').Length);
        Assert.EndsWith("offset 20", await KcatAsync("-Q -t a3:0:-1"), StringComparison.Ordinal);
        Assert.EndsWith("offset 0", await KcatAsync("-Q -t a3:0:-2"), StringComparison.Ordinal);
        Assert.EndsWith("offset 0", await KcatAsync($"-Q -t a3:0:{beforeMs}"), StringComparison.Ordinal);
        Assert.EndsWith("offset -1", await KcatAsync($"-Q -t a3:0:{beforeMs + 3_600_000}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_and_nulls_come_back()
    {
        await KcatAsync("-P -t a5 -p 0 -H a=1 -H b -Z -K:", "key:value\n:\n");

        var lines = (
            await ClientProgram.RunAsync("kcat", ["-b", _broker.Address, "-C", "-t", "a5", "-p", "0", "-e", "-q", "-f", "%k|%S|%h\n"])).Lines;

        Assert.Equal(["key|5|a=1,b=NULL", "|-1|a=1,b=NULL"], lines);
    }

    [Fact]
    public async Task Ten_megabytes_go_where_the_topic_allows_it_and_are_refused_where_not()
    {
        var file = _data.File("big");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(10_000_000));
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.Address }).Build())
        {
            var big = new TopicSpecification
            {
                Name = "big",
                NumPartitions = 1,
                ReplicationFactor = 1,
                Configs = new() { ["max.message.bytes"] = "20971520" },
            };
            await admin.CreateTopicsAsync([big]);
        }

        await KcatAsync($"-P -t big -X message.max.bytes=20000000 {file}");
        var copy = await ShellAsync($"kcat -b {_broker.Address} -C -t big -c 1 -e -q -D '' | cmp - {file}");
        Assert.Equal(0, copy.ExitCode);

        var refused = await ClientProgram.RunAsync("kcat", ["-b", _broker.Address, "-P", "-t", "small", "-X", "message.max.bytes=20000000", file]);
        Assert.Contains("Message size too large", refused.Errors, StringComparison.OrdinalIgnoreCase);
        await KcatAsync("-L");
    }

    [Fact]
    public async Task Three_members_share_four_partitions_and_survivors_take_over()
    {
        await KcatAsync("-P -t a4", Numbers(400));
        var members = new List<ClientProgram>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                members.Add(StartMember());
            }

            await SharedAsync(members, [1, 1, 2]);
            await Eventually.TrueAsync(
                () => members.SelectMany(member => member.Output).Distinct().Count() == 400, TimeSpan.FromSeconds(20),
                () => string.Join('\n', members.Select(member => member.Transcript)));

            Signal.SendInterrupt(members[0].Id);                             // Ctrl-C: it leaves.
            await members[0].WaitForExitAsync();
            await SharedAsync(members[1..], [2, 2], TimeSpan.FromSeconds(5));

            await members[1].KillAsync();                                    // kill -9: its session must end first.
            await SharedAsync(members[2..], [4], TimeSpan.FromSeconds(6 + 5));

            Signal.SendInterrupt(members[2].Id);
            await members[2].WaitForExitAsync();
            var again = await KcatAsync("-G g1 a4", options: "-X auto.offset.reset=earliest -e -q");
            Assert.Equal("", again);
        }
        finally
        {
            foreach (var member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_answer_leaves_no_duplicate_and_no_gap()
    {
        await using var behind = await ServerProcess.StartKafkaAsync(_data.File("relayed"), "--advertised.host", "127.0.0.2");
        await using var relay = FlakyRelay.Start(
            new IPEndPoint(IPAddress.Parse("127.0.0.2"), behind.Port), new IPEndPoint(IPAddress.Loopback, behind.Port),
            TimeSpan.FromMilliseconds(300));
        var there = $"127.0.0.2:{behind.Port}";

        string[] options =
        [
            "-X", "enable.idempotence=true", "-X", "retries=1000000", "-X", "batch.num.messages=20", "-X", "linger.ms=1",
            "-X", "reconnect.backoff.ms=10", "-X", "reconnect.backoff.max.ms=50", "-X", "retry.backoff.ms=10",
        ];
        await using var producer = ClientProgram.Start("kcat", ["-b", there, "-E", "-P", "-t", "idem", "-p", "0", .. options]);
        var count = 0;
        while (relay.Broken < 5)
        {
            Assert.True(count < 1_000_000, "connections do not break");
            await producer.Input.WriteAsync(string.Concat(Enumerable.Range(count + 1, 100).Select(i => $"{i}\n")));
            await producer.Input.FlushAsync();
            await Task.Delay(2);
            count += 100;
        }
        (await producer.WaitForExitAsync(TimeSpan.FromMinutes(3))).Succeeded();
        await behind.StopAsync();
        await using var direct = await ServerProcess.StartKafkaAsync(_data.File("relayed"));
        var read = await ClientProgram.RunAsync("kcat", ["-b", direct.Address, "-C", "-t", "idem", "-p", "0", "-e", "-q"]);

        Assert.Equal(Numbers(count).TrimEnd(), read.Succeeded());
    }

    private static string Numbers(int count) =>
        string.Concat(Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n"));

    private async Task<string> KcatAsync(string arguments, string? input = null, string options = "") =>
        (await ClientProgram.RunAsync("kcat", [.. $"-b {_broker.Address} {options} {arguments}".Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            input)).Succeeded();

    private static Task<ClientResult> ShellAsync(string line) => ClientProgram.RunAsync("sh", ["-c", line]);

    private ClientProgram StartMember() => ClientProgram.Start("kcat",
        ["-b", _broker.Address, "-X", "auto.offset.reset=earliest", "-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=300",
            "-X", "auto.commit.interval.ms=200", "-u", "-G", "g1", "a4"]);

    /// <summary>Waits until each member says it has so many partitions, and checks that no partition is had twice.</summary>
    private static async Task SharedAsync(List<ClientProgram> members, int[] expected, TimeSpan? within = null)
    {
        await Eventually.TrueAsync(
            () => members.Select(member => Partitions(member).Length).Order().SequenceEqual(expected), within ?? TimeSpan.FromSeconds(15),
            () => string.Join('\n', members.Select(member => string.Join('\n', member.Errors))));
        Assert.Equal(4, members.SelectMany(Partitions).Distinct().Count());
    }

    private static string[] Partitions(ClientProgram member)
    {
        var last = member.Errors.FindLast(line => line.Contains(": assigned: ", StringComparison.Ordinal));
        return last is null ? [] : last[(last.IndexOf(": assigned: ", StringComparison.Ordinal) + 12)..].Split(',', StringSplitOptions.TrimEntries);
    }

    /// <summary>The codec bits of every batch in the data folder.</summary>
    private HashSet<int> StoredCodecs()
    {
        const int LengthAt = 8, AttributesAt = 22, BeforeLength = 12, CodecBits = 7;
        var codecs = new HashSet<int>();
        foreach (var file in Directory.EnumerateFiles(_data.Path, "*.log", SearchOption.AllDirectories)
            .Where(file => file.Contains("topics", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(file);
            for (var at = 0; at < bytes.Length; at += BeforeLength
                + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + LengthAt)))
            {
                codecs.Add(bytes[at + AttributesAt] & CodecBits);
            }
        }
        return codecs;
    }
}
