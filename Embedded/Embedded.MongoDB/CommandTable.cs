using System.Collections.Frozen;
using System.Text;
using Embedded.MongoDB.Commands;
using Embedded.MongoDB.Query.Predicates;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB;

/// <summary>One command: its name, what runs it, and the fields it knows.</summary>
/// <param name="Name">As clients write it; case matters.</param>
/// <param name="RunAsync">Reads the call, asks the store, writes the reply's fields.</param>
/// <param name="Fields">
/// The fields it accepts beside those of every command, separated by spaces. A field that is not here is refused, because
/// an option that is silently ignored gives wrong answers. Null: what it does not know does no harm.
/// </param>
/// <param name="IsOpen">Answered before a login, too.</param>
internal sealed record Command(string Name, Func<CommandCall, ValueTask> RunAsync, string? Fields = null, bool IsOpen = false)
{
    private readonly FrozenSet<string>? _fields = Fields?.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public bool Knows(string field) => _fields is null || _fields.Contains(field) || Generic.Contains(field);

    /// <summary>Fields that every command may carry.</summary>
    private static readonly FrozenSet<string> Generic = FrozenSet.ToFrozenSet(
    [
        "$db", "lsid", "txnNumber", "autocommit", "startTransaction", "$clusterTime", "$readPreference", "readConcern", "writeConcern",
        "maxTimeMS", "maxTimeMSOpOnly", "comment", "apiVersion", "apiStrict", "apiDeprecationErrors", "let", "hint", "collation", "rawData",
        "$client", "$configServerState", "$audit", "$queryOptions",
    ]);
}

/// <summary>What this server speaks. listCommands answers from this table.</summary>
internal static class CommandTable
{
    public static readonly Command[] All =
    [
        new("aggregate", Aggregate.RunAsync, "pipeline cursor allowDiskUse bypassDocumentValidation explain"),
        new("buildInfo", BuildInfo.RunAsync, IsOpen: true),
        new("buildinfo", BuildInfo.RunAsync, IsOpen: true),
        new("collStats", CollStats.RunAsync),
        new("collstats", CollStats.RunAsync),
        new("connectionStatus", ConnectionStatus.RunAsync, IsOpen: true),
        new("count", Count.RunAsync, "query limit skip fields"),
        new("create", Create.RunAsync),
        new("createIndexes", CreateIndexes.RunAsync),
        new("dbStats", DbStats.RunAsync),
        new("dbstats", DbStats.RunAsync),
        new("delete", Delete.RunAsync, "deletes ordered bypassDocumentValidation"),
        new("deleteIndexes", DropIndexes.RunAsync),
        new("distinct", Distinct.RunAsync, "key query"),
        new("drop", Drop.RunAsync),
        new("dropDatabase", DropDatabase.RunAsync),
        new("dropIndexes", DropIndexes.RunAsync),
        new("endSessions", EndSessions.RunAsync, IsOpen: true),
        new("explain", Explain.RunAsync),
        new("find", Find.RunAsync,
            "filter projection sort skip limit batchSize singleBatch min max returnKey showRecordId allowDiskUse noCursorTimeout tailable awaitData oplogReplay allowPartialResults"),
        new("findAndModify", FindAndModify.RunAsync, "query sort remove update new fields upsert arrayFilters bypassDocumentValidation"),
        new("findandmodify", FindAndModify.RunAsync, "query sort remove update new fields upsert arrayFilters bypassDocumentValidation"),
        new("getCmdLineOpts", GetCmdLineOpts.RunAsync),
        new("getLog", GetLog.RunAsync),
        new("getMore", GetMore.RunAsync, "collection batchSize"),
        new("getParameter", GetParameter.RunAsync),
        new("hello", Hello.RunAsync, IsOpen: true),
        new("hostInfo", HostInfo.RunAsync),
        new("insert", Insert.RunAsync, "documents ordered bypassDocumentValidation"),
        new("isMaster", Hello.RunAsync, IsOpen: true),
        new("ismaster", Hello.RunAsync, IsOpen: true),
        new("killCursors", KillCursors.RunAsync),
        new("listCollections", ListCollections.RunAsync),
        new("listCommands", ListCommands.RunAsync),
        new("listDatabases", ListDatabases.RunAsync),
        new("listIndexes", ListIndexes.RunAsync),
        new("logout", Logout.RunAsync, IsOpen: true),
        new("ping", Ping.RunAsync, IsOpen: true),
        new("refreshSessions", Ping.RunAsync),
        new("renameCollection", RenameCollection.RunAsync),
        new("saslContinue", SaslContinue.RunAsync, IsOpen: true),
        new("saslStart", SaslStart.RunAsync, IsOpen: true),
        new("serverStatus", ServerStatus.RunAsync),
        new("startSession", StartSession.RunAsync),
        new("update", Commands.Update.RunAsync, "updates ordered bypassDocumentValidation"),
        new("validate", Validate.RunAsync),
        new("whatsmyuri", WhatsMyUri.RunAsync, IsOpen: true),
    ];

    private static readonly FrozenDictionary<string, Command> ByName = All.ToFrozenDictionary(command => command.Name, StringComparer.Ordinal);

    /// <summary>Commands that are counted by their statements, or as what they do.</summary>
    private static readonly FrozenSet<string> CountsItself = FrozenSet.ToFrozenSet(
        ["insert", "update", "delete", "find", "getMore", "findAndModify", "findandmodify"]);

    /// <summary>
    /// The few commands that may still come as OP_QUERY, from clients that do not know the server yet: the handshake with its login.
    /// </summary>
    private static readonly FrozenSet<string> BeforeHello = FrozenSet.ToFrozenSet(
        ["hello", "isMaster", "ismaster", "ping", "buildInfo", "buildinfo", "saslStart", "saslContinue"]);

    /// <summary>Runs a command and writes its whole reply. This is the one place where exceptions become error documents.</summary>
    public static async ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var start = reply.BeginDocument();
        try
        {
            call.Open();
            var command = Choose(call);
            if (!CountsItself.Contains(command.Name))
            {
                call.Server.Counters.AddOperations(command.Name, 1);
            }

            var began = ServerMetrics.Now();
            await command.RunAsync(call);
            ServerMetrics.Ran(command.Name, began);
            reply.WriteDouble("ok"u8, 1);
        }
        catch (CommandException problem)
        {
            Fail(call, start, problem);
        }
        catch (Exception problem)
        {
            call.Server.Logger.CommandFailed(problem, call.Name);
            Fail(call, start, ErrorMapping.Map(problem));
        }

        reply.EndDocument(start);
    }

    /// <exception cref="CommandException">The command is unknown, cannot be sent this way, or has a field that it does not know.</exception>
    private static Command Choose(CommandCall call)
    {
        if (call.IsQuery && !BeforeHello.Contains(call.Name))
        {
            throw new CommandException(
                ErrorCode.UnsupportedOpQueryCommand, $"Unsupported OP_QUERY command: {call.Name}. The client driver may require an upgrade.");
        }

        if (!ByName.TryGetValue(call.Name, out var command))
        {
            throw new CommandException(ErrorCode.CommandNotFound, $"no such command: '{call.Name}'");
        }

        if (call.Server.Authenticator.IsRequired && !command.IsOpen && call.Client.Login.User is null)
        {
            throw new CommandException(ErrorCode.Unauthorized, $"Command {command.Name} requires authentication");
        }

        if (!call.Argument("txnNumber"u8).IsMissing || call.Argument("startTransaction"u8).IsTruthy)
        {
            throw new CommandException(ErrorCode.IllegalOperation, "Transaction numbers are only allowed on a replica set member or mongos");
        }

        var elements = new Elements(call.Body.Span);
        elements.MoveNext();
        while (command.Fields is not null && elements.MoveNext())
        {
            var field = Encoding.UTF8.GetString(elements.Name);
            if (!command.Knows(field))
            {
                throw new CommandException(40415, $"BSON field '{command.Name}.{field}' is an unknown field.");
            }
        }

        ReadConcern.Check(call);
        return command;
    }

    private static void Fail(CommandCall call, int start, CommandException problem)
    {
        // Whatever the command has written of its reply is taken back.
        var reply = call.Reply;
        reply.Output.Truncate(start + 4);
        reply.WriteDouble("ok"u8, 0);
        ErrorMapping.WriteFields(reply, problem);
    }
}
