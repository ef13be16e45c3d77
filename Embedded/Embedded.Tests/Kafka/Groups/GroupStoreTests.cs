using Embedded.Kafka.Groups;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Groups;

public sealed class GroupStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("groups.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_prefix_of_the_file_opens_and_holds_a_prefix_of_the_commits()
    {
        var ends = new List<long>();
        using (var store = GroupStore.Open(File))
        {
            for (var offset = 1; offset <= 5; offset++)
            {
                store.Append(Commit("g", offset));
                ends.Add(new FileInfo(File).Length);
            }
        }
        var whole = System.IO.File.ReadAllBytes(File);

        for (var length = 0; length <= whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            using var store = GroupStore.Open(File);

            var expected = ends.Count(end => end <= length);
            var found = store.TryFind("g", new("t", 0), out var kept) ? kept.Offset : 0;
            Assert.Equal(expected, found);
            Assert.Equal(length - (expected == 0 ? 0 : ends[expected - 1]), store.TruncatedBytes);
        }
    }

    [Fact]
    public void A_torn_tail_is_cut_and_what_follows_is_kept()
    {
        using (var store = GroupStore.Open(File))
        {
            store.Append(Commit("g", 1));
        }

        using (var file = new FileStream(File, FileMode.Append))
        {
            file.Write(new byte[100]);
        }

        using (var store = GroupStore.Open(File))
        {
            Assert.Equal(100, store.TruncatedBytes);
            store.Append(Commit("g", 2));
        }

        using var again = GroupStore.Open(File);
        Assert.True(again.TryFind("g", new("t", 0), out var kept));
        Assert.Equal((2, 0), (kept.Offset, again.TruncatedBytes));
    }

    [Fact]
    public async Task Commits_that_come_together_share_a_frame()
    {
        using var store = GroupStore.Open(File);
        const int Threads = 8, CommitsEach = 2_000;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var offset = 1; offset <= CommitsEach; offset++)
                {
                    store.Append(Commit($"g{thread}", offset));
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.InRange(store.FramesWritten, 1, (Threads * CommitsEach) - 1);
        for (var thread = 0; thread < Threads; thread++)
        {
            Assert.True(store.TryFind($"g{thread}", new("t", 0), out var kept));
            Assert.Equal(CommitsEach, kept.Offset);
        }
    }

    [Fact]
    public void A_file_full_of_old_commits_is_rewritten_and_says_the_same()
    {
        var group = new GroupSaved(new GroupSnapshot
        {
            GroupId = "g",
            Generation = 7,
            ProtocolType = "consumer",
            Protocol = "range",
            LeaderId = "m",
            Members = [new MemberSnapshot { Id = "m", InstanceId = "i", Protocols = [new("range", [1, 2])], Assignment = [3] }],
        });
        using (var store = GroupStore.Open(File))
        {
            store.Append(group);
            for (var offset = 1; offset <= 40_000; offset++)
            {
                store.Append(Commit("g", offset));
            }
        }
        var before = new FileInfo(File).Length;

        for (var opened = 0; opened < 2; opened++)
        {
            using var store = GroupStore.Open(File);
            Assert.True(store.TryFind("g", new("t", 0), out var kept));
            Assert.Equal(40_000, kept.Offset);
            var saved = Assert.Single(store.Groups().Saved);
            Assert.Equal((7, "i", 3), (saved.Generation, saved.Members[0].InstanceId, saved.Members[0].Assignment[0]));
        }
        Assert.InRange(new FileInfo(File).Length, 1, before);
        Assert.InRange(new FileInfo(File).Length, 1, 2 << 20);
    }

    [Fact]
    public void A_record_of_a_later_version_is_refused_and_not_skipped()
    {
        using (var journal = Embedded.Kafka.Log.Journal.Open(File, _ => { }, out _))
        {
            journal.Append(1, 2, [0]);
        }

        var refusal = Assert.Throws<InvalidDataException>(() => GroupStore.Open(File));

        Assert.Contains("later version", refusal.Message, StringComparison.Ordinal);
    }

    private static OffsetsCommitted Commit(string group, long offset) =>
        new(group, DateTimeOffset.UnixEpoch, [new CommittedOffset("t", 0, offset, -1, "")]);
}
