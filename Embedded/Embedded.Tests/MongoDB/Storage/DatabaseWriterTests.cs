using Embedded.Hosting;
using Embedded.MongoDB.Storage;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Embedded.Tests.MongoDB.Storage;

/// <summary>Every write is answered, whatever fails below it.</summary>
public sealed class DatabaseWriterTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly LogSync _log;
    private readonly DatabaseWriter _writer;

    public DatabaseWriterTests()
    {
        _connection = OpenDatabase();
        _connection.Execute("PRAGMA journal_mode = WAL; " + Catalog.CreateTables);
        _log = new LogSync(Path.Combine(_folder.Path, "no such file"));
        _writer = new DatabaseWriter(_connection, "test", _log, new Volume(_folder.Path, 0, NullLogger.Instance), _ => { });
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().AsTask().WaitAsync(Soon);
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_transaction_that_can_never_be_undone_refuses_what_waits_and_what_comes_later()
    {
        var waiting = await WhileBusyAsync(() => [Write(), Write()], then: () =>
        {
            _connection.Dispose();
            throw new InvalidOperationException("a bug");
        });

        foreach (var write in (Task[])[.. waiting, Write()])
        {
            var refusal = await Assert.ThrowsAsync<UndoException>(() => write.WaitAsync(Soon));
            Assert.Contains("cannot be undone", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Writes_go_on_as_soon_as_the_transaction_can_be_undone()
    {
        using var other = OpenDatabase();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _writer.WriteAsync<int>(_ =>
        {
            _connection.Execute("COMMIT; ALTER TABLE _coll RENAME TO away");
            throw new InvalidOperationException("a bug");
        }).WaitAsync(Soon));
        await Assert.ThrowsAsync<UndoException>(() => Write().WaitAsync(Soon));

        other.Execute("ALTER TABLE away RENAME TO _coll");

        await Write().WaitAsync(Soon);
    }

    [Fact]
    public async Task A_sync_that_fails_is_told_to_those_who_asked_for_it_and_nothing_is_done_twice()
    {
        var count = 0;

        var writes = await WhileBusyAsync(() =>
        [
            _writer.WriteAsync(_ => Interlocked.Increment(ref count), isDurable: true),
            _writer.WriteAsync(_ => Interlocked.Increment(ref count)),
        ]);

        await Assert.ThrowsAnyAsync<IOException>(() => writes[0].WaitAsync(Soon));
        await writes[1].WaitAsync(Soon);
        Assert.Equal(2, count);
    }

    private SqliteConnection OpenDatabase() => SqliteConnection.OpenWriter(Path.Combine(_folder.Path, "test.sqlite"));

    private Task<int> Write() => _writer.WriteAsync(_ => 0);

    /// <summary>Queues writes while the writer is at work on one that has its transaction to itself.</summary>
    private async Task<Task[]> WhileBusyAsync(Func<Task[]> queue, Action? then = null)
    {
        using var queued = new ManualResetEventSlim();
        var busy = _writer.WriteAsync(
            _ =>
            {
                queued.Wait();
                then?.Invoke();
                return 0;
            },
            isExclusive: true);
        var waiting = queue();
        queued.Set();
        await busy.ContinueWith(static ended => ended.Exception, TaskScheduler.Default).WaitAsync(Soon);
        return waiting;
    }
}
