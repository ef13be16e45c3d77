using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Updates;

/// <summary>One update being applied to one document: the walk, and what the modifiers may ask about it.</summary>
internal sealed class Application
{
    /// <summary>Setting an element far behind the end of an array fills up with nulls, but not without end.</summary>
    private const int MaxPadding = 1_500_000;

    public BsonBuffer Output { get; } = new();

    public bool IsInsert { get; private set; }

    public DateTimeOffset Now { get; private set; }

    /// <summary>The values that <c>$rename</c> moves, by the number of the rename; missing where the source is.</summary>
    public StoredValue[] Moved { get; private set; } = [];

    private int _position;
    private Dictionary<string, Filter> _arrayFilters = [];

    public void Run(
        ReadOnlySpan<byte> document, UpdateNode root, Dictionary<string, Filter> arrayFilters, IReadOnlyList<FieldPath> moved,
        int position, bool isInsert, DateTimeOffset now)
    {
        (_position, _arrayFilters, IsInsert, Now) = (position, arrayFilters, isInsert, now);
        if (Moved.Length != moved.Count)
        {
            Moved = new StoredValue[moved.Count];
        }
        for (var i = 0; i < moved.Count; i++)
        {
            Moved[i] = StoredValue.Copy(Source(document, moved[i]));
        }
        Output.Clear();
        WriteDocument(document, root);
    }

    private static RawValue Source(ReadOnlySpan<byte> document, FieldPath path)
    {
        var value = RawValue.Document(document);
        for (var depth = 0; depth < path.Length; depth++)
        {
            if (value.IsArray)
            {
                throw new CommandException(ErrorCode.BadValue, $"The source field cannot be an array element, '{path.Text}'");
            }
            value = value.Field(path.Part(depth));
        }
        return value;
    }

    private void WriteDocument(ReadOnlySpan<byte> document, UpdateNode node)
    {
        var start = Output.BeginDocument();
        var children = node.Children;
        var seen = children.Count <= 64 ? stackalloc bool[64] : new bool[children.Count];
        var elements = new Elements(document);
        while (elements.MoveNext())
        {
            var at = node.Find(elements.Name);
            if (at < 0 || seen[at])
            {
                Output.Write(elements.Element);
                continue;
            }
            seen[at] = true;
            WriteExisting(elements.Value, elements.Name, children[at]);
        }
        for (var i = 0; i < children.Count; i++)
        {
            if (!seen[i])
            {
                WriteNew(children[i].NameBytes, children[i]);
            }
        }
        Output.EndDocument(start);
    }

    private void WriteExisting(RawValue value, ReadOnlySpan<byte> name, UpdateNode node)
    {
        if (node.Modifier is { } modifier)
        {
            modifier.Apply(value, name, this);
            return;
        }
        switch (value.Type)
        {
            case BsonType.Document:
                Output.BeginElement(BsonType.Document, name);
                WriteDocument(value.Bytes, node);
                break;
            case BsonType.Array:
                Output.BeginElement(BsonType.Array, name);
                WriteArray(value.Bytes, node);
                break;
            default:
                if (node.HasPlaces)
                {
                    throw new CommandException(ErrorCode.BadValue, $"Cannot apply array updates to non-array element at path '{node.Path}'");
                }
                if (node.Creates(this))
                {
                    throw CannotCreate(node.Children[0], node, value.Type);
                }
                Output.WriteElement(name, value);
                break;
        }
    }

    /// <summary>Writes what a path makes where nothing is: documents all the way down, never arrays.</summary>
    private void WriteNew(ReadOnlySpan<byte> name, UpdateNode node)
    {
        if (node.HasPlaces)
        {
            throw new CommandException(ErrorCode.BadValue, $"The path '{node.Path}' must exist in the document in order to apply array updates.");
        }
        if (!node.Creates(this))
        {
            return;
        }
        if (node.Modifier is { } modifier)
        {
            modifier.Apply(RawValue.Missing, name, this);
            return;
        }
        Output.BeginElement(BsonType.Document, name);
        var start = Output.BeginDocument();
        foreach (var child in node.Children)
        {
            WriteNew(child.NameBytes, child);
        }
        Output.EndDocument(start);
    }

    private void WriteArray(ReadOnlySpan<byte> array, UpdateNode node)
    {
        var start = Output.BeginDocument();
        Span<byte> name = stackalloc byte[11];
        var elements = new Elements(array);
        var count = 0;
        for (; elements.MoveNext(); count++)
        {
            var before = Output.Length;
            if (Select(node, count, elements.Value) is { } child)
            {
                WriteExisting(elements.Value, Name(count, name), child);
            }
            else { Output.WriteItem(count, elements.Value); }
            // Removing an element of an array leaves a null: the others keep their places.
            if (Output.Length == before)
            {
                Output.WriteItem(count, RawValue.Null);
            }
        }
        foreach (var child in node.Children)
        {
            if (child.Place != Place.Named || (child.Index >= 0 && child.Index < count) || !child.Creates(this))
            {
                continue;
            }
            if (child.Index < 0)
            {
                throw CannotCreate(child, node, BsonType.Array);
            }
            if (child.Index - count > MaxPadding)
            {
                throw new CommandException(ErrorCode.CannotBackfillArray, $"can't backfill more than {MaxPadding} elements");
            }
            while (count < child.Index)
            {
                Output.WriteItem(count++, RawValue.Null);
            }
            WriteNew(Name(count++, name), child);
        }
        Output.EndDocument(start);
    }

    /// <summary>What is to be done to one element of an array; null for nothing.</summary>
    private UpdateNode? Select(UpdateNode node, int index, RawValue element)
    {
        UpdateNode? selected = null;
        foreach (var child in node.Children)
        {
            var applies = child.Place switch
            {
                Place.Every => true,
                Place.Matched => index == (_position >= 0 ? _position
                    : throw new CommandException(ErrorCode.BadValue, "The positional operator did not find the match needed from the query.")),
                Place.Filtered => LetsThrough(child.Name[2..^1], element),
                _ => child.Index == index,
            };
            if (applies)
            {
                selected = selected is null ? child : UpdateNode.Merge(selected, child);
            }
        }
        return selected;
    }

    private bool LetsThrough(string identifier, RawValue element)
    {
        // An array filter speaks of {identifier: element}; so that is what it is shown.
        var wrapped = new BsonBuffer();
        var start = wrapped.BeginDocument();
        wrapped.WriteElement(System.Text.Encoding.UTF8.GetBytes(identifier), element);
        wrapped.EndDocument(start);
        return _arrayFilters[identifier].Matches(wrapped.Written);
    }

    private static CommandException CannotCreate(UpdateNode child, UpdateNode parent, BsonType type) =>
        new CommandException(
            ErrorCode.PathNotViable, $"Cannot create field '{child.Name}' in element {{{parent.Name}: a value of type {TypeName.Of(type)}}}");

    private static ReadOnlySpan<byte> Name(int index, Span<byte> name)
    {
        index.TryFormat(name, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        return name[..length];
    }
}
