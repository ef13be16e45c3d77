using System.Buffers;
using System.Buffers.Text;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// The keys under which a document stands in an index: one, or one for each element where a field holds an array.
/// </summary>
internal sealed class IndexKeys
{
    /// <summary>Elements of one array that an index may hold of one document.</summary>
    private const int MaxKeyCount = 1_000_000;

    private readonly List<byte[]> _components = [];
    private List<byte[]> _keys = [];

    /// <summary>The distinct keys, in order.</summary>
    public IReadOnlyList<byte[]> Keys => _keys;

    /// <summary>Whether an array was met on the way to a field.</summary>
    public bool IsMultikey { get; private set; }

    /// <summary>No document, no keys.</summary>
    public void Clear()
    {
        _keys.Clear();
        IsMultikey = false;
    }

    /// <summary>Finds the keys of <paramref name="document"/>, which holds all the binaries that the index's fields hold.</summary>
    /// <exception cref="CommandException">Two fields of a compound index hold arrays.</exception>
    public void Extract(CollectionIndex index, ReadOnlySpan<byte> document)
    {
        Clear();
        if (index.Partial is not null && !index.Partial.Matches(document))
        {
            return;
        }

        var hasAny = !index.IsSparse;
        IndexField? arrayField = null;
        foreach (var field in index.Fields)
        {
            _components.Clear();
            var walk = new Walk(field.IsDescending, _components);
            walk.Visit(RawValue.Document(document), field.Parts.AsSpan());
            hasAny |= walk.IsPresent;
            if (walk.HasArray)
            {
                IsMultikey = true;
                if (arrayField is not null && arrayField.Path.Split('.')[0] != field.Path.Split('.')[0])
                {
                    throw new CommandException(
                        ErrorCode.CannotIndexParallelArrays, $"cannot index parallel arrays [{field.Path}] [{arrayField.Path}]");
                }

                arrayField = field;
            }

            Combine();
        }

        if (!hasAny)
        {
            _keys.Clear();
        }
        else if (_keys.Count > 1)
        {
            SortDistinct(_keys);
        }
    }

    private void Combine()
    {
        if (_components.Count > 1)
        {
            SortDistinct(_components);
        }

        if (_keys.Count == 0)
        {
            _keys.AddRange(_components);
            return;
        }

        if ((long)_keys.Count * _components.Count > MaxKeyCount)
        {
            throw new CommandException(ErrorCode.CannotCreateIndex, "a document has too many keys in one index");
        }

        var combined = new List<byte[]>(_keys.Count * _components.Count);
        foreach (var key in _keys)
        {
            foreach (var component in _components)
            {
                combined.Add([.. key, .. component]);
            }
        }

        _keys = combined;
    }

    private static void SortDistinct(List<byte[]> keys)
    {
        keys.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        var count = 1;
        for (var i = 1; i < keys.Count; i++)
        {
            if (!keys[i].AsSpan().SequenceEqual(keys[count - 1]))
            {
                keys[count++] = keys[i];
            }
        }

        keys.RemoveRange(count, keys.Count - count);
    }

    /// <summary>Follows one path through a document and gathers the keys of what stands at its end.</summary>
    private ref struct Walk(bool isDescending, List<byte[]> keys)
    {
        public bool HasArray { get; private set; }

        public bool IsPresent { get; private set; }

        public void Visit(RawValue value, ReadOnlySpan<byte[]> path)
        {
            if (value.IsArray)
            {
                VisitArray(value, path);
            }
            else if (path.IsEmpty)
            {
                Add(value);
            }
            else
            {
                Visit(value.Field(path[0]), path[1..]);         // a scalar has no fields: missing, which stands as null
            }
        }

        private void VisitArray(RawValue array, ReadOnlySpan<byte[]> path)
        {
            HasArray = true;
            var count = 0;
            for (var elements = new Elements(array.Bytes); elements.MoveNext(); count++)
            {
                if (path.IsEmpty)
                {
                    Add(elements.Value);
                }
                else if (elements.Value.IsDocument)
                {
                    Visit(elements.Value, path);
                }
            }

            if (path.IsEmpty && count == 0)
            {
                IsPresent = true;
                var undefined = new ArrayBufferWriter<byte>(1);
                KeyEncoding.EncodeUndefined(undefined, isDescending);
                keys.Add(undefined.WrittenSpan.ToArray());
            }
            else if (!path.IsEmpty)
            {
                if (Utf8Parser.TryParse(path[0], out int position, out var length) && length == path[0].Length && position >= 0)
                {
                    Visit(Elements.At(array.Bytes, position), path[1..]);
                }

                if (keys.Count == 0)
                {
                    Add(RawValue.Missing);
                }
            }
        }

        private void Add(RawValue value)
        {
            IsPresent |= !value.IsMissing;
            keys.Add(KeyEncoding.Encode(value.IsMissing ? RawValue.Null : value, isDescending));
        }
    }
}
