using System.Collections.Immutable;
using System.Text;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>One field of an index: its dotted path, and the path's parts as they stand in documents.</summary>
internal sealed record IndexField(string Path, bool IsDescending)
{
    public ImmutableArray<byte[]> Parts { get; } = [.. Path.Split('.').Select(Encoding.UTF8.GetBytes)];
}

/// <summary>A secondary index.</summary>
internal sealed class CollectionIndex
{
    private volatile bool _isMultikey;

    /// <param name="id">Its number, which names its table.</param>
    /// <param name="spec">Its description, as listIndexes shows it.</param>
    /// <param name="isMultikey">Whether some document has had an array under one of its fields.</param>
    public CollectionIndex(long id, byte[] spec, bool isMultikey)
    {
        Id = id;
        Spec = spec;
        _isMultikey = isMultikey;

        var fields = ImmutableArray.CreateBuilder<IndexField>();
        var key = Elements.Find(spec, "key"u8);
        for (var elements = new Elements(key.Bytes); elements.MoveNext();)
        {
            fields.Add(
                new(Encoding.UTF8.GetString(elements.Name), IsDescending: elements.Value.IsNumber && Number.From(elements.Value).ToDouble() < 0));
        }

        Fields = fields.ToImmutable();
        Name = Elements.Find(spec, "name"u8).Text;
        IsUnique = Elements.Find(spec, "unique"u8).IsTruthy;
        IsSparse = Elements.Find(spec, "sparse"u8).IsTruthy;
        var partial = Elements.Find(spec, "partialFilterExpression"u8);
        Partial = partial.IsDocument ? Filter.Parse(partial.Bytes) : null;
        var expire = Elements.Find(spec, "expireAfterSeconds"u8);
        ExpireAfterSeconds = expire.IsNumber ? (long)Number.From(expire).ToDouble() : null;
        Sql = new(id, IsUnique);
    }

    public long Id { get; }

    public string Name { get; }

    public byte[] Spec { get; }

    public ReadOnlySpan<byte> Key => Elements.Find(Spec, "key"u8).Bytes;

    public ImmutableArray<IndexField> Fields { get; }

    public bool IsUnique { get; }

    /// <summary>Documents that lack all of the fields are not in it.</summary>
    public bool IsSparse { get; }

    /// <summary>Only documents that match are in it.</summary>
    public Filter? Partial { get; }

    /// <summary>Seconds after the date in its field at which a document is deleted.</summary>
    public long? ExpireAfterSeconds { get; }

    /// <summary>Once true, stays true: the writer sets it before it commits the first such key.</summary>
    public bool IsMultikey { get => _isMultikey; set => _isMultikey = value; }

    public IndexSql Sql { get; }

    /// <summary>Whether a change to these top-level fields may change this index's keys.</summary>
    public bool IsTouchedBy(FieldUse uses)
    {
        foreach (var field in Fields)
        {
            if (uses.Includes(field.Parts[0]))
            {
                return true;
            }
        }

        return Partial is not null;
    }
}
