using System.Text;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Expressions;

/// <summary>What expressions are parsed against: the variables that are in scope, and the fields that they turn out to need.</summary>
internal sealed class ExpressionScope(Variables variables)
{
    private readonly List<string> _fields = [];
    private readonly HashSet<string> _paths = [];
    private readonly List<(string Name, int Number)> _locals = [];
    private bool _needsAll;

    public Variables Variables => variables;

    /// <summary>The top-level fields that are read, by slot.</summary>
    public byte[][] FieldNames => [.. _fields.Select(Encoding.UTF8.GetBytes)];

    public int VariableCount { get; private set; }

    /// <summary>What all expressions parsed so far read.</summary>
    public FieldUse Uses => _needsAll ? FieldUse.All : FieldUse.Of(_paths);

    /// <summary>The slot of the top-level field that a path begins with.</summary>
    public int SlotOf(ReadOnlySpan<string> path)
    {
        _paths.Add(string.Join('.', path));
        var field = path[0];
        var slot = _fields.IndexOf(field);
        if (slot >= 0)
        {
            return slot;
        }
        _fields.Add(field);
        return _fields.Count - 1;
    }

    public void NeedAll() => _needsAll = true;

    /// <summary>Brings a variable into scope until <see cref="Forget"/>.</summary>
    /// <returns>Its number in <see cref="Evaluation"/>.</returns>
    public int Define(string name)
    {
        _locals.Add((name, VariableCount));
        return VariableCount++;
    }

    public void Forget(int count) => _locals.RemoveRange(_locals.Count - count, count);

    /// <summary>The number of a local variable, or −1.</summary>
    public int Find(string name)
    {
        for (var i = _locals.Count - 1; i >= 0; i--)
        {
            if (_locals[i].Name == name)
            {
                return _locals[i].Number;
            }
        }
        return -1;
    }
}
