using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Updates;

/// <summary>How one part of an update's path finds its place in an array.</summary>
internal enum Place
{
    /// <summary>By its name, or by an index.</summary>
    Named,

    /// <summary><c>$</c>: the element that the filter matched.</summary>
    Matched,

    /// <summary><c>$[]</c>: every element.</summary>
    Every,

    /// <summary><c>$[name]</c>: the elements that an array filter lets through.</summary>
    Filtered,
}

/// <summary>
/// The paths of an update as a tree: at the leaves what to do, on the way to them the documents and arrays to go
/// through. Applying the tree is one walk over the document that copies what no path names.
/// </summary>
internal sealed class UpdateNode
{
    private readonly List<UpdateNode> _children = [];

    private UpdateNode(string path, string name)
    {
        Path = path;
        Name = name;
        NameBytes = Encoding.UTF8.GetBytes(name);
        Index = FieldPath.IndexOf(name);
        Place = name switch
        {
            "$" => Place.Matched,
            "$[]" => Place.Every,
            ['$', '[', .., ']'] => Place.Filtered,
            _ => Place.Named,
        };
    }

    /// <summary>The whole path down to here.</summary>
    public string Path { get; }

    public string Name { get; }

    public byte[] NameBytes { get; }

    /// <summary>The name as an index of an array, or −1.</summary>
    public int Index { get; }

    public Place Place { get; }

    /// <summary>What to do here; null on the way to deeper paths.</summary>
    public Modifier? Modifier { get; private set; }

    /// <summary>In the order in which new fields appear: by name, indexes by number.</summary>
    public IReadOnlyList<UpdateNode> Children => _children;

    public bool HasPlaces { get; private set; }

    public static UpdateNode Root() => new("", "");

    /// <exception cref="CommandException">40: another path is the same, or leads through this one; 56: a part is empty.</exception>
    public void Add(string path, Modifier modifier)
    {
        if (path.Length == 0)
        {
            throw new CommandException(ErrorCode.EmptyFieldName, "An empty update path is not valid.");
        }
        var node = this;
        foreach (var name in path.Split('.'))
        {
            if (name.Length == 0)
            {
                throw new CommandException(ErrorCode.EmptyFieldName, $"The update path '{path}' contains an empty field name, which is not allowed.");
            }
            if (node.Modifier is not null)
            {
                throw Conflict(path, node.Path);
            }
            node = node.Child(name, path);
        }
        if (node.Modifier is not null || node._children.Count > 0)
        {
            throw Conflict(path, path);
        }
        node.Modifier = modifier;
    }

    /// <summary>The place of the child of that name, or −1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _children.Count; i++)
        {
            if (name.SequenceEqual(_children[i].NameBytes))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Whether applying this to nothing makes something.</summary>
    public bool Creates(Application application)
    {
        if (Modifier is not null)
        {
            return Modifier.Creates(application);
        }
        foreach (var child in _children)
        {
            if (child.Creates(application))
            {
                return true;
            }
        }
        return false;
    }

    private static CommandException Conflict(string path, string other) =>
        new(ErrorCode.ConflictingUpdateOperators, $"Updating the path '{path}' would create a conflict at '{other}'");

    /// <summary>The tree of two nodes that meet at one element of an array, such as <c>a.$[].b</c> and <c>a.0.c</c>.</summary>
    public static UpdateNode Merge(UpdateNode left, UpdateNode right)
    {
        if (left.Modifier is not null || right.Modifier is not null)
        {
            throw Conflict(left.Path, right.Path);
        }
        var merged = new UpdateNode(left.Path, left.Name);
        foreach (var child in left._children.Concat(right._children))
        {
            var same = merged._children.FindIndex(known => known.Name == child.Name);
            if (same >= 0)
            {
                merged._children[same] = Merge(merged._children[same], child);
            }
            else { merged.Insert(child); }
        }
        return merged;
    }

    private UpdateNode Child(string name, string path)
    {
        var known = _children.Find(child => child.Name == name);
        if (known is not null)
        {
            return known;
        }
        var created = new UpdateNode(Path.Length == 0 ? name : Path + "." + name, name);
        if (name[0] == '$')
        {
            if (created.Place == Place.Named && Path.Length > 0)
            {
                throw new CommandException(
                    ErrorCode.DollarPrefixedFieldName, $"The dollar ($) prefixed field '{name}' in '{path}' is not valid for storage.");
            }
            if (Path.Length == 0)
            {
                throw created.Place == Place.Named
                    ? new CommandException(
                        ErrorCode.DollarPrefixedFieldName, $"The dollar ($) prefixed field '{name}' in '{path}' is not valid for storage.")
                    : new CommandException(
                        ErrorCode.BadValue, $"Cannot have array filter or positional operator as the first part of the path '{path}'");
            }
        }
        Insert(created);
        return created;
    }

    private void Insert(UpdateNode child)
    {
        var at = 0;
        while (at < _children.Count && Order(_children[at], child) < 0)
        {
            at++;
        }
        _children.Insert(at, child);
        HasPlaces |= child.Place != Place.Named;
    }

    private static int Order(UpdateNode left, UpdateNode right) => left.Index >= 0 && right.Index >= 0
        ? left.Index - right.Index
        : left.NameBytes.AsSpan().SequenceCompareTo(right.NameBytes);
}

/// <summary>What an update does at one path.</summary>
internal abstract class Modifier
{
    /// <summary>Whether it makes something where nothing is.</summary>
    public virtual bool Creates(Application application) => true;

    /// <summary>Writes the element as it is to be; writing nothing removes it.</summary>
    /// <param name="current">What is there now; missing when nothing is, and then only if <see cref="Creates"/>.</param>
    public abstract void Apply(RawValue current, ReadOnlySpan<byte> name, Application application);
}
