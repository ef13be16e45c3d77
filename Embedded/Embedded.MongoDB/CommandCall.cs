using System.Text;
using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Security;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB;

/// <summary>
/// One command as it came, and the reply that is being written. Everything here borrows from the connection's buffer and is
/// valid until the reply has been made.
/// </summary>
internal sealed class CommandCall
{
    private static readonly long MaxTimeMsLimit = int.MaxValue;
    private readonly IReadOnlyList<DocumentSequence> _sequences;

    public CommandCall(
        MongoServer server, Client client, ReadOnlyMemory<byte> body, IReadOnlyList<DocumentSequence> sequences, BsonWriter reply,
        CancellationToken stoppingToken)
    {
        Server = server;
        Client = client;
        Body = body;
        _sequences = sequences;
        Reply = reply;
        Stopping = stoppingToken;
    }

    public MongoServer Server { get; }

    public Client Client { get; }

    /// <summary>The command document.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public IReadOnlyList<DocumentSequence> Sequences => _sequences;

    /// <summary>The reply's document is begun before the command runs and ended after it; a command adds its fields.</summary>
    public BsonWriter Reply { get; }

    /// <summary>The server stops.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The command's name as the client wrote it: the first field.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The <c>$db</c> that it is for.</summary>
    public string DatabaseName { get; private set; } = "";

    /// <summary>OP_QUERY carries the database in its header.</summary>
    public bool IsQuery { get; private init; }

    /// <summary>One instant for the whole command.</summary>
    public DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>When the client's patience ends; the largest value where it has set no limit.</summary>
    public DateTimeOffset Deadline { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The database, null where it does not exist.</summary>
    public Database? Database => Server.Store.Find(DatabaseName);

    /// <summary>Makes a call of an OP_QUERY, whose command may be wrapped into <c>$query</c>.</summary>
    public static CommandCall FromQuery(MongoServer server, Client client, OpQuery query, BsonWriter reply, CancellationToken stoppingToken)
    {
        var body = query.Body;
        var elements = new Elements(body.Span);
        if (elements.MoveNext() && elements.Name.SequenceEqual("$query"u8) && elements.Type == BsonType.Document)
        {
            body = body[elements.ValueStart..elements.End];
        }

        var dot = query.FullCollectionName.IndexOf('.', StringComparison.Ordinal);
        return new(server, client, body, [], reply, stoppingToken)
        {
            IsQuery = true,
            DatabaseName = dot < 0 ? query.FullCollectionName : query.FullCollectionName[..dot],
        };
    }

    /// <summary>Checks the bytes once and reads what every command has.</summary>
    /// <exception cref="CommandException">The bytes are no documents, or a field that every command needs is missing.</exception>
    public void Open()
    {
        if (BsonValidator.Find(Body.Span) is { } problem)
        {
            throw new CommandException(ErrorCode.InvalidBSON, problem);
        }

        foreach (var sequence in _sequences)
        {
            for (var rest = sequence.Documents.Span; !rest.IsEmpty;)
            {
                var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(rest);
                if (BsonValidator.Find(rest[..length]) is { } documentProblem)
                {
                    throw new CommandException(ErrorCode.InvalidBSON, documentProblem);
                }

                rest = rest[length..];
            }

            if (!Argument(Encoding.UTF8.GetBytes(sequence.Identifier)).IsMissing)
            {
                throw new CommandException(40433, $"'{sequence.Identifier}' stands both in the body and beside it");
            }
        }

        var elements = new Elements(Body.Span);
        Name = elements.MoveNext() ? Encoding.UTF8.GetString(elements.Name) : "";
        if (!IsQuery)
        {
            var database = Argument("$db"u8);
            if (database.IsMissing)
            {
                throw new CommandException(40414, "OP_MSG requests require a $db argument");
            }

            DatabaseName = database.IsString ? database.Text : throw WrongType("$db", database, "string");
        }

        Storage.DatabaseName.Check(DatabaseName);
        if (OptionalInt64("maxTimeMS"u8) is { } maxTimeMs and not 0)
        {
            if (maxTimeMs < 0 || maxTimeMs > MaxTimeMsLimit)
            {
                throw new CommandException(ErrorCode.BadValue, $"{maxTimeMs} value for maxTimeMS is out of range");
            }

            Deadline = Now.AddMilliseconds(maxTimeMs);
        }
    }

    /// <exception cref="CommandException">50: the client's time limit has passed. 11600: the server stops.</exception>
    public void CheckTime()
    {
        if (Stopping.IsCancellationRequested)
        {
            throw new CommandException(ErrorCode.InterruptedAtShutdown, "interrupted at shutdown");
        }

        if (Deadline != DateTimeOffset.MaxValue && TimeProvider.System.GetUtcNow() > Deadline)
        {
            throw new CommandException(ErrorCode.MaxTimeMSExpired, "operation exceeded time limit");
        }
    }

    /// <summary>A field of the command; missing where it is not there.</summary>
    public RawValue Argument(ReadOnlySpan<byte> name) => Elements.Find(Body.Span, name);

    /// <summary>The command's first value as the name of a collection in <see cref="DatabaseName"/>.</summary>
    /// <exception cref="CommandException">73: it is no such name.</exception>
    public string CollectionName()
    {
        var elements = new Elements(Body.Span);
        elements.MoveNext();
        if (!elements.Value.IsString)
        {
            throw new CommandException(ErrorCode.InvalidNamespace, $"collection name has invalid type {TypeName.Of(elements.Type)}");
        }

        var name = elements.Value.Text;
        Storage.DatabaseName.CheckCollection(DatabaseName, name);
        return name;
    }

    /// <summary>The collection that the command names, null where it does not exist.</summary>
    public Collection? FindCollection() => Database?.Catalog.Find(CollectionName());

    public string? OptionalString(ReadOnlySpan<byte> name)
    {
        var value = Argument(name);
        return value.IsMissing ? null : value.IsString ? value.Text : throw WrongType(Encoding.UTF8.GetString(name), value, "string");
    }

    /// <summary>An integer, whichever number type it came in.</summary>
    public long? OptionalInt64(ReadOnlySpan<byte> name)
    {
        var value = Argument(name);
        if (value.IsNullish)
        {
            return null;
        }

        if (!value.IsNumber)
        {
            throw WrongType(Encoding.UTF8.GetString(name), value, "long', 'int', 'decimal', 'double");
        }

        return Number.From(value).TryGetInt64(out var number)
            ? number
            : throw new CommandException(ErrorCode.FailedToParse, $"'{Encoding.UTF8.GetString(name)}' is no integer of 64 bits");
    }

    /// <summary>A size or a count.</summary>
    public long? OptionalCount(ReadOnlySpan<byte> name)
    {
        var value = OptionalInt64(name);
        return value is >= 0 or null
            ? value
            : throw new CommandException(51024, $"BSON field '{Encoding.UTF8.GetString(name)}' value must be >= 0, actual value '{value}'");
    }

    /// <summary>A truth value; numbers count, as with the real server.</summary>
    public bool Flag(ReadOnlySpan<byte> name, bool otherwise = false)
    {
        var value = Argument(name);
        if (value.IsNullish)
        {
            return otherwise;
        }

        return value.Type == BsonType.Boolean || value.IsNumber ? value.IsTruthy : throw WrongType(Encoding.UTF8.GetString(name), value, "bool");
    }

    /// <summary>A document, empty memory where it is not there.</summary>
    public ReadOnlyMemory<byte> OptionalDocument(ReadOnlySpan<byte> name) => Nested(name, BsonType.Document, "object");

    /// <summary>An array, empty memory where it is not there.</summary>
    public ReadOnlyMemory<byte> OptionalArray(ReadOnlySpan<byte> name) => Nested(name, BsonType.Array, "array");

    /// <summary>Documents that stand in a sequence beside the body, or in an array within it.</summary>
    /// <exception cref="CommandException">16: none, or more than a batch may have.</exception>
    public List<ReadOnlyMemory<byte>> Documents(string name)
    {
        var documents = new List<ReadOnlyMemory<byte>>();
        foreach (var sequence in _sequences)
        {
            if (sequence.Identifier != name)
            {
                continue;
            }

            for (var rest = sequence.Documents; !rest.IsEmpty;)
            {
                var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
                documents.Add(rest[..length]);
                rest = rest[length..];
            }
        }

        var array = OptionalArray(Encoding.UTF8.GetBytes(name));
        if (!array.IsEmpty)
        {
            for (var elements = new Elements(array.Span); elements.MoveNext();)
            {
                if (elements.Type != BsonType.Document)
                {
                    throw WrongType($"{name}.{documents.Count}", elements.Value, "object");
                }

                documents.Add(array[elements.ValueStart..elements.End]);
            }
        }

        if (documents.Count is 0 or > WireLimits.MaxWriteBatchCount)
        {
            throw new CommandException(ErrorCode.InvalidLength,
                $"Write batch sizes must be between 1 and {WireLimits.MaxWriteBatchCount}. Got {documents.Count} operations.");
        }

        return documents;
    }

    /// <summary>The <c>let</c> variables and the command's instant.</summary>
    public Variables Variables() => Expressions.Variables.Parse(OptionalDocument("let"u8).Span, Now);

    /// <summary>Whether the reply must wait for the disk.</summary>
    /// <exception cref="CommandException">The write concern asks for other servers.</exception>
    public bool IsDurable()
    {
        var concern = OptionalDocument("writeConcern"u8);
        if (concern.IsEmpty)
        {
            return Server.Options.IsFullyDurable;
        }

        var w = Elements.Find(concern.Span, "w"u8);
        if (w.IsNumber && Number.From(w).ToDouble() > 1)
        {
            throw new CommandException(ErrorCode.BadValue, "cannot use 'w' > 1 when a host is not replicated");
        }

        return Server.Options.IsFullyDurable
            || Elements.Find(concern.Span, "j"u8).IsTruthy
            || (w.IsString && w.Utf8.SequenceEqual("majority"u8));
    }

    public static CommandException WrongType(string name, RawValue value, string expected) => new(
        ErrorCode.TypeMismatch, $"BSON field '{name}' is the wrong type '{TypeName.Of(value.Type)}', expected type '{expected}'");

    private ReadOnlyMemory<byte> Nested(ReadOnlySpan<byte> name, BsonType type, string typeName)
    {
        for (var elements = new Elements(Body.Span); elements.MoveNext();)
        {
            if (!elements.Name.SequenceEqual(name))
            {
                continue;
            }

            if (elements.Value.IsNullish)
            {
                return default;
            }

            return elements.Type == type
                ? Body[elements.ValueStart..elements.End]
                : throw WrongType(Encoding.UTF8.GetString(name), elements.Value, typeName);
        }

        return default;
    }
}
