using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// Keeps a database's write-ahead log durable and short. SQLite's own checkpoint would run inside a commit, every few
/// megabytes, and take a third of the writing speed; here the bulk is copied beside the writer, and the writer only waits
/// for the last few pages, after which the log starts over.
/// </summary>
internal sealed class Checkpointer(string database, SqliteConnection connection, DatabaseWriter writer, LogSync log, ILogger logger)
{
    private const long StartPages = 64 * 1024 * 1024 / Database.PageBytes;

    /// <summary>What the writer may be made to wait for.</summary>
    private const long FinishPages = 16 * 1024 * 1024 / Database.PageBytes;

    /// <summary>A log this long must end, even if writers wait.</summary>
    private const long MaxPages = 1024L * 1024 * 1024 / Database.PageBytes;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);
    private const int MaxRounds = 4;

    /// <summary>Runs until the database closes.</summary>
    public async Task RunAsync(CancellationToken closing)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(closing))
        {
            try
            {
                log.SyncIfDirty();
                if (writer.PagesWritten >= StartPages)
                {
                    await CheckpointAsync();
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.CheckpointFailed(problem, database);
                await Task.Delay(RetryInterval, closing);
            }
        }
    }

    private async Task CheckpointAsync()
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var before = writer.PagesWritten;
            if (connection.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE) is null)
            {
                return;
            }

            var left = writer.PagesWritten - before;
            if (left <= FinishPages || before > MaxPages)
            {
                break;
            }
        }

        await writer.FinishCheckpointAsync();
    }
}
