using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Updates;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>
/// One change to what a filter finds. A filter that is one plain <c>_id</c>, which nearly every statement of the pipeline has,
/// is not even parsed: its key leads to the row, and the change is taken apart only when its turn has come. A thousand changes
/// taken apart at once would hold a thousand pictures, which the garbage collector then carries from generation to generation:
/// measured, a third of the processor time of an upsert.
/// </summary>
internal sealed class UpdateStatement
{
    private byte[]? _idKey;
    private ReadOnlyMemory<byte> _query;
    private Filter? _filter;
    private DocumentUpdate? _update;
    private ReadOnlyMemory<byte> _updateBytes;
    private Variables _variables = null!;

    public bool IsUpsert { get; private init; }

    public bool IsMulti { get; private init; }

    /// <summary>The order that decides which document is the first; null for any.</summary>
    public Sort? Sort { get; private init; }

    /// <summary>What the client insists on, a document with one field; empty for nothing.</summary>
    private byte[] _hint = [];

    /// <summary>What a statement did.</summary>
    /// <param name="Matched">Documents found.</param>
    /// <param name="Modified">Documents whose bytes changed.</param>
    /// <param name="UpsertedId">The <c>_id</c> of the document that was made, as a document of one field; null where none was.</param>
    /// <param name="Before">The document before the change, where it was asked for.</param>
    /// <param name="After">The document after the change, where it was asked for.</param>
    public readonly record struct Outcome(int Matched, int Modified, byte[]? UpsertedId = null, byte[]? Before = null, byte[]? After = null);

    /// <summary>Reads one element of an update's <c>updates</c>.</summary>
    /// <exception cref="CommandException">It cannot be understood.</exception>
    public static UpdateStatement Parse(ReadOnlyMemory<byte> element, Variables variables)
    {
        ReadOnlyMemory<byte> query = default;
        RawValue update = default, arrayFilters = default, hint = default, constants = default;
        ReadOnlyMemory<byte> updateBytes = default;
        bool isUpsert = false, isMulti = false;
        for (var elements = new Elements(element.Span); elements.MoveNext();)
        {
            var value = elements.Value;
            switch (elements.Name)
            {
                case [(byte)'q']:
                    query = value.IsDocument
                        ? element[elements.ValueStart..elements.End]
                        : throw CommandCall.WrongType("update.updates.q", value, "object");
                    break;
                case [(byte)'u']:
                    update = value;
                    updateBytes = element[elements.ValueStart..elements.End];
                    break;
                case [(byte)'c']:
                    constants = value;
                    break;
                case var name when name.SequenceEqual("upsert"u8):
                    isUpsert = value.IsTruthy;
                    break;
                case var name when name.SequenceEqual("multi"u8):
                    isMulti = value.IsTruthy;
                    break;
                case var name when name.SequenceEqual("arrayFilters"u8):
                    arrayFilters = value;
                    break;
                case var name when name.SequenceEqual("hint"u8):
                    hint = value;
                    break;
                case var name when name.SequenceEqual("collation"u8):
                    Collation.Check(value);
                    break;
                default:
                    throw new CommandException(40415, $"BSON field 'update.updates.{Encoding.UTF8.GetString(elements.Name)}' is an unknown field.");
            }
        }

        if (query.IsEmpty || update.IsMissing)
        {
            throw new CommandException(40414, $"BSON field 'update.updates.{(query.IsEmpty ? "q" : "u")}' is missing but a required field");
        }

        if (constants.IsDocument)
        {
            variables = Variables.Parse(constants.Bytes, variables.Now);
        }

        var id = IdFilter.Find(query.Span);
        if (id.IsMissing || isMulti || !update.IsDocument || !arrayFilters.IsMissing || !hint.IsMissing)
        {
            return Create(query, update, arrayFilters, hint, variables, isUpsert, isMulti, sort: null);
        }

        return new() { IsUpsert = isUpsert, _query = query, _idKey = KeyOf(id), _updateBytes = updateBytes, _variables = variables };
    }

    public static UpdateStatement Create(
        ReadOnlyMemory<byte> query, RawValue update, RawValue arrayFilters, RawValue hint, Variables variables, bool isUpsert, bool isMulti,
        Sort? sort)
    {
        var statement = new UpdateStatement { IsUpsert = isUpsert, IsMulti = isMulti, Sort = sort };
        statement._query = query;
        statement._hint = Hint.Keep(hint);
        statement._update = DocumentUpdate.Parse(update, arrayFilters, variables);
        if (isMulti && statement._update.IsReplacement)
        {
            throw new CommandException(ErrorCode.FailedToParse, "multi update is not supported for replacement-style update");
        }

        var id = IdFilter.Find(query.Span);
        if (!id.IsMissing && statement._hint.Length == 0)
        {
            statement._idKey = KeyOf(id);
        }
        else
        {
            statement._filter = Filter.Parse(query.Span, variables);
        }

        return statement;
    }

    /// <summary>Runs on the writer.</summary>
    /// <param name="session">The writer's session.</param>
    /// <param name="collectionName">Where.</param>
    /// <param name="checkTime">Throws when the client's time is over.</param>
    /// <param name="wantsDocuments">Whether the outcome is to hold the document before and after.</param>
    public Outcome Run(WriteSession session, string collectionName, Action checkTime, bool wantsDocuments = false)
    {
        var update = _update ?? DocumentUpdate.Parse(RawValue.Document(_updateBytes.Span), variables: _variables);
        var writer = IsUpsert ? session.Open(collectionName) : session.Find(collectionName);
        if (writer is null)
        {
            return default;
        }

        var (matched, modified) = (0, 0);
        var images = wantsDocuments ? new DocumentImages() : null;
        if (_idKey is not null)
        {
            Count(writer.UpdateByKey(_idKey, _filter, update, images));
        }
        else
        {
            foreach (var row in session.FindRows(writer.Collection, _filter!, IsMulti ? 0 : 1, checkTime, Sort, Hint.Restore(_hint)))
            {
                Count(writer.UpdateByRow(row, _filter, update, images));
            }
        }

        return matched > 0 || !IsUpsert
            ? new(matched, modified, UpsertedId: null, images?.Before, images?.After)
            : Insert(writer, update, wantsDocuments);

        void Count(WriteOutcome outcome)
        {
            matched += outcome == WriteOutcome.NotMatched ? 0 : 1;
            modified += outcome == WriteOutcome.Changed ? 1 : 0;
        }
    }

    private Outcome Insert(CollectionWriter writer, DocumentUpdate update, bool wantsDocuments)
    {
        using var document = new PooledBuffer(4096);
        if (_filter is not null)
        {
            update.ApplyInsert(_filter, document);
        }
        else if (!update.Apply(_query.Span, document, isInsert: true))
        {
            document.Write(_query.Span);                     // {_id: v} is what such an upsert starts from, and all it sets
        }

        if (!IdField.IsInPlace(document.WrittenSpan))
        {
            var bare = document.WrittenSpan.ToArray();
            document.Clear();
            IdField.Place(bare, document);
        }

        var id = Elements.Find(document.WrittenSpan, "_id"u8);
        IdField.Check(id);
        writer.Insert(_idKey ?? KeyOf(id), document.WrittenSpan, tooLargeCode: 17420);

        return new(0, 0, IdDocument(id), null, wantsDocuments ? document.WrittenSpan.ToArray() : null);
    }

    /// <summary>The key alone, of exactly its size: a batch holds a thousand of them.</summary>
    private static byte[] KeyOf(RawValue id)
    {
        var buffer = _key ??= new();
        buffer.Clear();
        KeyEncoding.Encode(id, buffer);
        return buffer.Written.ToArray();
    }

    /// <summary><c>{_id: …}</c></summary>
    private static byte[] IdDocument(RawValue id)
    {
        var buffer = _key ??= new();
        buffer.Clear();
        var start = buffer.BeginDocument();
        buffer.WriteElement("_id"u8, id);
        buffer.EndDocument(start);
        return buffer.ToArray();
    }

    [ThreadStatic]
    private static BsonBuffer? _key;
}
