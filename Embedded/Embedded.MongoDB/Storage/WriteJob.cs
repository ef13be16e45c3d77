namespace Embedded.MongoDB.Storage;

/// <summary>Work for the writer of a database. It may run twice: when its transaction fails, it runs again in one of its own.</summary>
internal abstract class WriteJob
{
    /// <summary>Statements in it.</summary>
    public required int OperationCount { get; init; }

    /// <summary>Bytes it brings, roughly.</summary>
    public required long ByteCount { get; init; }

    /// <summary>The reply promises that a power failure will not undo it.</summary>
    public required bool IsDurable { get; init; }

    /// <summary>It changes tables and so has a transaction to itself.</summary>
    public required bool IsExclusive { get; init; }

    public abstract void Execute(WriteSession session);

    public abstract void Complete();

    public abstract void Fail(Exception problem);
}

/// <inheritdoc/>
internal sealed class WriteJob<T>(Func<WriteSession, T> work) : WriteJob
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Completion => _completion.Task;

    public override void Execute(WriteSession session) => _result = work(session);

    public override void Complete() => _completion.TrySetResult(_result!);

    public override void Fail(Exception problem) => _completion.TrySetException(problem);
}
