using System.Buffers;
using System.Text;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>
/// The order that <c>{a: 1, b: -1}</c> gives to documents. A sort makes one key per document, whose bytes are
/// in that order, and compares the keys; an array sorts by its least element upwards and by its greatest downwards.
/// </summary>
internal sealed class Sort
{
    private readonly (FieldPath Path, bool Descending)[] _fields;

    private Sort((FieldPath Path, bool Descending)[] fields, int natural)
    {
        _fields = fields;
        Natural = natural;
        Uses = FieldUse.Of(fields.Select(field => field.Path.Root));
    }

    public IReadOnlyList<(FieldPath Path, bool Descending)> Fields => _fields;

    /// <summary>1 or −1 when the order asked for is that of the rows (<c>$natural</c>); else 0.</summary>
    public int Natural { get; }

    public FieldUse Uses { get; }

    /// <exception cref="CommandException">15974, 15975: a direction that is neither 1 nor −1; 2: too many fields, or a path that is none.</exception>
    public static Sort Parse(ReadOnlySpan<byte> spec)
    {
        var fields = new List<(FieldPath, bool)>();
        var natural = 0;
        var elements = new Elements(spec);
        while (elements.MoveNext())
        {
            var name = Encoding.UTF8.GetString(elements.Name);
            var value = elements.Value;
            if (value.IsDocument)
            {
                throw new CommandException(
                    ErrorCode.BadValue, $"Illegal key in $sort specification: {name}: sorting by an expression or by $meta is not supported");
            }
            if (!value.IsNumber)
            {
                throw new CommandException(15974, $"Illegal key in $sort specification: {name}: its value must be 1 or -1");
            }
            if (!Number.From(value).TryGetInt64(out var direction) || direction is not (1 or -1))
            {
                throw new CommandException(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
            }
            if (name == "$natural")
            {
                natural = (int)direction;
                continue;
            }
            RequirePath(name);
            fields.Add((new FieldPath(name), direction < 0));
        }
        if (natural != 0 && fields.Count > 0)
        {
            throw new CommandException(ErrorCode.BadValue, "$natural sort cannot be set to anything but alone");
        }
        if (fields.Count > 32)
        {
            throw new CommandException(ErrorCode.BadValue, "too many compound keys");
        }
        return new([.. fields], natural);
    }

    /// <summary>Negative, zero or positive, as the left document is before, equal to or after the right one.</summary>
    public int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftKey = new BsonBuffer();
        var rightKey = new BsonBuffer();
        WriteKey(left, leftKey);
        WriteKey(right, rightKey);
        return leftKey.Written.SequenceCompareTo(rightKey.Written);
    }

    /// <summary>Appends the bytes that stand for a document in this order.</summary>
    public void WriteKey(ReadOnlySpan<byte> document, IBufferWriter<byte> output)
    {
        foreach (var (path, descending) in _fields)
        {
            var best = new Best { Descending = descending };
            best.InDocument(document, path, 0);
            switch (best.Found)
            {
                case false: KeyEncoding.Encode(RawValue.Null, output, descending); break;
                case true when best.Value.IsMissing: KeyEncoding.EncodeUndefined(output, descending); break;
                default: KeyEncoding.Encode(best.Value, output, descending); break;
            }
        }
    }

    private static void RequirePath(string name)
    {
        if (name.Length == 0)
        {
            throw new CommandException(40352, "FieldPath cannot be constructed with empty string");
        }
        if (name.StartsWith('$'))
        {
            throw new CommandException(16410, $"FieldPath field names may not start with '$': {name}");
        }
        if (name.EndsWith('.'))
        {
            throw new CommandException(40353, "FieldPath must not end with a '.'.");
        }
        if (name.Split('.').Contains(""))
        {
            throw new CommandException(15998, "FieldPath field names may not be empty strings.");
        }
    }

    /// <summary>The value among those a path leads to that decides the place: the least, or downwards the greatest.</summary>
    private ref struct Best
    {
        /// <summary>Missing stands for an empty array, which is below null.</summary>
        public RawValue Value;
        public bool Found;
        public bool Descending;

        public void InDocument(ReadOnlySpan<byte> document, FieldPath path, int depth)
        {
            var value = Elements.Find(document, path.Part(depth));
            if (depth + 1 == path.Length)
            {
                AtEnd(value);
                return;
            }
            switch (value.Type)
            {
                case BsonType.Document: InDocument(value.Bytes, path, depth + 1); break;
                case BsonType.Array: InArray(value.Bytes, path, depth + 1); break;
                default: Offer(RawValue.Null); break;
            }
        }

        private void InArray(ReadOnlySpan<byte> array, FieldPath path, int depth)
        {
            var elements = new Elements(array);
            for (var i = 0; elements.MoveNext(); i++)
            {
                if (i == path.Index(depth))
                {
                    if (depth + 1 == path.Length)
                    {
                        AtEnd(elements.Value);
                    }
                    else if (elements.Type == BsonType.Document)
                    {
                        InDocument(elements.ValueBytes, path, depth + 1);
                    }
                    else if (elements.Type == BsonType.Array)
                    {
                        InArray(elements.ValueBytes, path, depth + 1);
                    }
                }
                if (elements.Type == BsonType.Document)
                {
                    InDocument(elements.ValueBytes, path, depth);
                }
            }
        }

        private void AtEnd(RawValue value)
        {
            if (!value.IsArray)
            {
                Offer(value.IsMissing ? RawValue.Null : value);
                return;
            }
            if (Elements.IsEmpty(value.Bytes))
            {
                Offer(RawValue.Missing);
                return;
            }
            var elements = new Elements(value.Bytes);
            while (elements.MoveNext())
            {
                Offer(elements.Value);
            }
        }

        private void Offer(RawValue value)
        {
            if (Found)
            {
                var order = ValueOrder.Compare(value, Value);
                if (Descending ? order <= 0 : order >= 0)
                {
                    return;
                }
            }
            Value = value;
            Found = true;
        }
    }
}
