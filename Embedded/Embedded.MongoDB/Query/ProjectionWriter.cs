using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Query;

/// <summary>Writes one document as a projection wants it.</summary>
internal readonly ref struct ProjectionWriter(ReadOnlySpan<byte> root, Evaluation evaluation, BsonBuffer output, int position)
{
    private readonly ReadOnlySpan<byte> _root = root;

    public void WriteDocument(ReadOnlySpan<byte> document, ProjectionNode node)
    {
        var start = output.BeginDocument();
        var children = node.Children;
        var seen = children.Count <= 64 ? stackalloc bool[64] : new bool[children.Count];
        var elements = new Elements(document);
        while (elements.MoveNext())
        {
            var at = node.Find(elements.Name);
            if (at < 0)
            {
                if (node.Mode != ProjectionMode.Include)
                {
                    output.Write(elements.Element);
                }
                continue;
            }
            if (seen[at])
            {
                continue;
            }
            seen[at] = WriteField(elements.Value, elements.Name, children[at]);
        }
        for (var i = 0; i < children.Count; i++)
        {
            if (!seen[i])
            {
                WriteNew(children[i]);
            }
        }
        output.EndDocument(start);
    }

    /// <returns>False when the field is computed and belongs behind the others.</returns>
    private bool WriteField(RawValue value, ReadOnlySpan<byte> name, ProjectionNode node)
    {
        if (node.IsIncluded)
        {
            output.WriteElement(name, value);
            return true;
        }
        if (node.IsExcluded)
        {
            return true;
        }
        if (node.Change is { } change)
        {
            change(value, name, output, position);
            return true;
        }
        if (node.Computed is { } computed)
        {
            if (node.Mode == ProjectionMode.Include)
            {
                return false;
            }
            output.WriteElement(name, computed.Evaluate(_root, evaluation));
            return true;
        }
        switch (value.Type)
        {
            case BsonType.Document:
                output.BeginElement(BsonType.Document, name);
                WriteDocument(value.Bytes, node);
                return true;
            case BsonType.Array:
                output.BeginElement(BsonType.Array, name);
                WriteArray(value.Bytes, node);
                return true;
        }
        if (node.Computes)
        {
            // What is computed below takes the place of the scalar.
            if (node.Mode == ProjectionMode.Include)
            {
                return false;
            }
            WriteNew(node);
            return true;
        }
        if (node.Mode != ProjectionMode.Include)
        {
            output.WriteElement(name, value);
        }
        return true;
    }

    private void WriteArray(ReadOnlySpan<byte> array, ProjectionNode node)
    {
        var start = output.BeginDocument();
        var elements = new Elements(array);
        var count = 0;
        while (elements.MoveNext())
        {
            switch (elements.Type)
            {
                case BsonType.Document:
                    output.BeginItem(BsonType.Document, count++);
                    WriteDocument(elements.ValueBytes, node);
                    break;
                case BsonType.Array:
                    output.BeginItem(BsonType.Array, count++);
                    WriteArray(elements.ValueBytes, node);
                    break;
                default:
                    if (node.Computes)
                    {
                        output.BeginItem(BsonType.Document, count++);
                        WriteDocument(Expression.EmptyDocument, node);
                    }
                    else if (node.Mode != ProjectionMode.Include)
                    {
                        output.WriteItem(count++, elements.Value);
                    }
                    break;
            }
        }
        output.EndDocument(start);
    }

    private void WriteNew(ProjectionNode node)
    {
        if (node.Computed is { } computed)
        {
            output.WriteElement(node.NameBytes, computed.Evaluate(_root, evaluation));
        }
        else if (node.Computes)
        {
            output.BeginElement(BsonType.Document, node.NameBytes);
            WriteDocument(Expression.EmptyDocument, node);
        }
    }
}
