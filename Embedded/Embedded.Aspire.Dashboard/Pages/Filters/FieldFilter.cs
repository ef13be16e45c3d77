using System.Diagnostics.CodeAnalysis;

namespace Embedded.Aspire.Dashboard.Pages.Filters;

/// <summary>
/// One condition on a field of a span or a log record, written in the page's URL as <c>field=value</c>, <c>field!~value</c>,
/// <c>field>=value</c> and so on. A leading <c>-</c> keeps the filter on the page and switches it off.
/// </summary>
/// <param name="Field">An attribute's name, or one of the fields every record has, such as <c>name</c>.</param>
public sealed record FieldFilter(string Field, FilterOperator Operator, string Value, bool IsEnabled = true)
{
    /// <summary>Characters of a filter; more is a mistake or an attack.</summary>
    public const int MaxLength = 1_000;

    /// <summary>Filters of a page; more would be slow to look through, for people too.</summary>
    public const int MaxCount = 20;

    /// <summary>The filter the other way round: on becomes off.</summary>
    public FieldFilter Toggled => this with { IsEnabled = !IsEnabled };

    public static bool TryParse(string? text, [NotNullWhen(true)] out FieldFilter? filter)
    {
        filter = null;
        if (text is null or { Length: 0 or > MaxLength }) return false;
        var enabled = text[0] != '-';
        var body = enabled ? text : text[1..];

        // A field's name holds no operator, so the first one that appears is the one.
        var at = body.AsSpan().IndexOfAny("!=~<>");
        if (at <= 0) return false;
        var found = Array.Find(FilterOperator.All, candidate => body.AsSpan(at).StartsWith(candidate.Symbol));
        if (found is null) return false;
        filter = new FieldFilter(body[..at].Trim(), found, body[(at + found.Symbol.Length)..].Trim(), enabled);
        return filter.Field.Length > 0;
    }

    /// <summary>The filters of a query string, those that cannot be read left out.</summary>
    public static IReadOnlyList<FieldFilter> ParseAll(IEnumerable<string?>? texts)
    {
        var filters = new List<FieldFilter>();
        foreach (var text in texts ?? [])
        {
            if (filters.Count < MaxCount && TryParse(text, out var filter) && !filters.Contains(filter)) filters.Add(filter);
        }

        return filters;
    }

    /// <param name="text">The text of the field, or null where the record has none.</param>
    public bool Holds(string? text) => Operator.Holds(text, Value);

    /// <summary>As in the URL.</summary>
    public override string ToString() => $"{(IsEnabled ? "" : "-")}{Field}{Operator.Symbol}{Value}";
}
