using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query;

/// <summary>What happens to the fields that a projection does not name.</summary>
internal enum ProjectionMode
{
    /// <summary>They are left out.</summary>
    Include,

    /// <summary>They stay; named ones go.</summary>
    Exclude,

    /// <summary>They stay; named ones are computed (<c>$addFields</c>).</summary>
    Add,
}

/// <summary>Makes something else of a value of the document: <c>$slice</c>, <c>$elemMatch</c>, positional <c>$</c>.</summary>
internal delegate void ChangeValue(RawValue value, ReadOnlySpan<byte> name, BsonBuffer output, int position);

/// <summary>The paths of a projection as a tree. A leaf is included, excluded, computed or changed.</summary>
internal sealed class ProjectionNode(string name, ProjectionMode mode)
{
    private readonly List<ProjectionNode> _children = [];

    public string Name { get; } = name;

    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(name);

    public ProjectionMode Mode { get; } = mode;

    /// <summary>In the order of the specification.</summary>
    public IReadOnlyList<ProjectionNode> Children => _children;

    /// <summary>Set on a leaf that is copied.</summary>
    public bool IsIncluded { get; set; }

    /// <summary>Set on a leaf that is left out.</summary>
    public bool IsExcluded { get; set; }

    /// <summary>Set on a leaf that is computed.</summary>
    public Expression? Computed { get; set; }

    /// <summary>Set on a leaf whose value is changed.</summary>
    public ChangeValue? Change { get; set; }

    public bool IsLeaf => IsIncluded || IsExcluded || Computed is not null || Change is not null;

    /// <summary>Whether something below is computed, so that it appears even where nothing was.</summary>
    public bool Computes { get; private set; }

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

    /// <summary>The new leaf at the end of a path.</summary>
    /// <exception cref="CommandException">31249, 31250: the path is there already, or leads through another or to one.</exception>
    public ProjectionNode Add(string path, bool computes)
    {
        var node = this;
        foreach (var part in ExpressionParser.Parts(path))
        {
            if (node.IsLeaf)
            {
                throw new CommandException(31249, $"Path collision at {path} remaining portion {part}");
            }
            node.Computes |= computes;
            var child = node._children.Find(known => known.Name == part);
            if (child is null)
            {
                child = new ProjectionNode(part, Mode);
                node._children.Add(child);
            }
            node = child;
        }
        return node.IsLeaf || node._children.Count > 0 ? throw new CommandException(31250, $"Path collision at {path}") : node;
    }
}
