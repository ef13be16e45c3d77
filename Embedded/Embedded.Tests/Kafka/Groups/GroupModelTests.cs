using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using static Embedded.Tests.Kafka.Groups.GroupFixture;

namespace Embedded.Tests.Kafka.Groups;

/// <summary>
/// Members that behave like clients, in a random order of joins, syncs, heartbeats, silences, departures and restarts.
/// Checked by name: at most one generation is active; every member of it gets exactly what its leader gave it; generations
/// never go back; and once everybody behaves, the group is stable again.
/// </summary>
public sealed class GroupModelTests
{
    private const int Steps = 400;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_interleavings_keep_one_generation_and_lose_no_assignment(int seed)
    {
        var random = new Random(seed);
        using var group = new GroupFixture(initialDelayMs: random.Next(2) * 300);
        var clients = new List<Client>();

        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(20))
            {
                case 0 when clients.Count < 5: clients.Add(new Client(group)); break;
                case 1 when clients.Count > 0: clients.RemoveAt(random.Next(clients.Count)); break;                 // kill -9
                case 2 when clients.Count > 0: Pick().Leave(); break;
                case 3: group.Wait(random.Next(3_000)); break;
                case 4 when random.Next(5) == 0: group.Restart(); clients.ForEach(client => client.Reconnect()); break;
                default: if (clients.Count > 0) { Pick().Step(); } break;
            }
            CheckOneGeneration(clients);
        }

        if (clients.Count == 0)
        {
            clients.Add(new Client(group));
        }

        for (var settling = 0; settling < 1_000 && !clients.TrueForAll(client => client.IsStable); settling++)
        {
            clients.ForEach(client => client.Step());
            group.Wait(500);
        }
        Assert.All(clients, client => Assert.True(client.IsStable, $"seed {seed}"));
        Assert.Single(clients.Select(client => client.Generation).Distinct());

        Client Pick() => clients[random.Next(clients.Count)];
    }

    private static void CheckOneGeneration(List<Client> clients)
    {
        // Who may act on its assignment: those whose heartbeat the coordinator accepts.
        var active = clients.Where(client => client.IsStable && client.Heartbeat() == ErrorCode.None).Select(client => client.Generation).Distinct();
        Assert.True(active.Count() <= 1, "two generations at once");
    }

    /// <summary>A consumer's side of the protocol, one step at a time.</summary>
    private sealed class Client(GroupFixture group)
    {
        private string _memberId = "";
        private Task<JoinAnswer>? _join;
        private Task<SyncAnswer>? _sync;
        private JoinAnswer? _joined;

        public bool IsStable { get; private set; }

        public int Generation { get; private set; }

        public ErrorCode Heartbeat() => group.Heartbeat(_joined!);

        public void Step()
        {
            if (IsStable)
            {
                React(Heartbeat());
            }
            else if (_sync is { IsCompleted: true })
            {
                TakeSync(Now(_sync));
            }
            else if (_join is { IsCompleted: true })
            {
                TakeJoin(Now(_join));
            }
            else if (_join is null && _sync is null)
            {
                _join = group.Coordinator.JoinAsync(Request(_memberId));
            }
        }

        public void Leave()
        {
            if (_memberId.Length > 0)
            {
                group.Leave(_memberId);
            }

            (_memberId, _join, _sync, IsStable) = ("", null, null, false);
        }

        public void Reconnect() => (_join, _sync) = (null, null);

        private void TakeJoin(JoinAnswer answer)
        {
            _join = null;
            _memberId = answer.Error is ErrorCode.UnknownMemberId ? "" : answer.MemberId;
            if (answer.Error != ErrorCode.None)
            {
                return;
            }

            Assert.True(answer.Generation >= Generation, "generation went back");
            (_joined, Generation) = (answer, answer.Generation);
            _sync = answer.LeaderId == answer.MemberId
                ? group.SyncAsync(answer, null, [.. answer.Members.Select(member => (member.MemberId, $"{member.MemberId} in {answer.Generation}"))])
                : group.SyncAsync(answer);
        }

        private void TakeSync(SyncAnswer answer)
        {
            _sync = null;
            React(answer.Error);
            if (answer.Error != ErrorCode.None)
            {
                return;
            }

            Assert.Equal($"{_memberId} in {Generation}", Text(answer.Assignment));
            IsStable = true;
        }

        private void React(ErrorCode error)
        {
            if (error == ErrorCode.None)
            {
                return;
            }

            IsStable = false;
            if (error == ErrorCode.UnknownMemberId)
            {
                _memberId = "";
            }
        }
    }
}
