using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Storage;
using MongoDB.Bson;

namespace Embedded.MongoDB;

/// <summary>What went wrong below a command, in the protocol's words. A new kind of trouble gets its row here.</summary>
internal static class ErrorMapping
{
    public static CommandException Map(Exception problem) => problem switch
    {
        CommandException known => known,
        SqliteException { IsDiskTrouble: true } => new(ErrorCode.OutOfDiskSpace, $"the data folder cannot be written: {problem.Message}"),
        IOException => new(ErrorCode.OutOfDiskSpace, $"the data folder cannot be written: {problem.Message}"),
        SqliteException { IsMissingTable: true } => new(ErrorCode.QueryPlanKilled, "the collection or index was dropped while it was read"),
        UndoException { InnerException: { } cause } when Map(cause) is var mapped => new(mapped.Code, $"{problem.Message}: {mapped.Message}"),
        FormatException => new(ErrorCode.InvalidBSON, problem.Message),
        InvalidDataException => new(ErrorCode.InternalError, $"stored data is damaged: {problem.Message}"),
        OperationCanceledException => new(ErrorCode.InterruptedAtShutdown, "interrupted at shutdown"),
        OutOfMemoryException => new(ErrorCode.ExceededMemoryLimit, "not enough memory for this operation"),
        _ => new(ErrorCode.UnknownError, $"{problem.GetType().Name}: {problem.Message}"),
    };

    /// <summary>The fields of an error, in a reply or in one entry of <c>writeErrors</c>.</summary>
    public static void WriteFields(BsonWriter output, CommandException problem)
    {
        output.WriteString("errmsg"u8, problem.Message);
        output.WriteInt32("code"u8, problem.Code);
        output.WriteString("codeName"u8, problem.CodeName);
        if (problem is not DuplicateKeyException duplicate)
        {
            return;
        }

        output.WriteRaw(BsonType.Document, "keyPattern"u8, duplicate.KeyPattern);
        output.WriteRaw(BsonType.Document, "keyValue"u8, duplicate.KeyValue);
    }
}
