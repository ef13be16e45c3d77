using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Expressions;

/// <summary>What a command defines for its expressions: the <c>let</c> variables, and one instant for <c>$$NOW</c>.</summary>
internal sealed class Variables
{
    private readonly Dictionary<string, StoredValue> _values;

    private Variables(Dictionary<string, StoredValue> values, DateTimeOffset now)
    {
        _values = values;
        Now = now;
    }

    /// <summary>No variables, and the present instant each time it is asked for.</summary>
    public static Variables None => new([], TimeProvider.System.GetUtcNow());

    public DateTimeOffset Now { get; }

    public IReadOnlyDictionary<string, StoredValue> Values => _values;

    /// <param name="let">A document of names and constant expressions; empty for none.</param>
    /// <param name="now">The instant that <c>$$NOW</c> stands for throughout the command.</param>
    public static Variables Parse(ReadOnlySpan<byte> let, DateTimeOffset now)
    {
        var values = new Dictionary<string, StoredValue>();
        var variables = new Variables(values, now);
        if (let.IsEmpty)
        {
            return variables;
        }
        var elements = new Elements(let);
        while (elements.MoveNext())
        {
            values[System.Text.Encoding.UTF8.GetString(elements.Name)] = Expression.EvaluateConstant(elements.Value, variables);
        }
        return variables;
    }
}
