namespace Embedded.Aspire.Dashboard.Pages.Filters;

/// <summary>A way to compare a field with a value: how it is written in a URL, how people say it, when it holds.</summary>
/// <param name="Symbol">Between field and value: <c>status>=500</c>.</param>
/// <param name="Name">In the choice that people see.</param>
/// <param name="Holds">Whether the field's text and the value of the filter go together; a field that is absent comes as null.</param>
public sealed record FilterOperator(string Symbol, string Name, Func<string?, string, bool> Holds)
{
    /// <summary>Longer symbols first: <c>>=</c> is not <c>></c> followed by a value that begins with an equals sign.</summary>
    public static readonly FilterOperator[] All =
    [
        new("!=", "not equals", (field, value) => !IsEqual(field, value)),
        new("!~", "not contains", (field, value) => !Contain(field, value)),
        new(">=", "at least", (field, value) => Compare(field, value) >= 0),
        new("<=", "at most", (field, value) => Compare(field, value) <= 0),
        new("=", "equals", IsEqual),
        new("~", "contains", Contain),
        new(">", "greater than", (field, value) => Compare(field, value) > 0),
        new("<", "less than", (field, value) => Compare(field, value) < 0),
    ];

    public static FilterOperator Equal => All[4];

    public static FilterOperator Contains => All[5];

    private static bool IsEqual(string? field, string value) => field is not null && Compare(field, value) == 0;

    private static bool Contain(string? field, string value) => field is not null && field.Contains(value, StringComparison.OrdinalIgnoreCase);

    /// <returns>As numbers when both are numbers, else as text without regard to case; nothing when the field is absent.</returns>
    private static int? Compare(string? field, string value)
    {
        if (field is null) return null;
        return Number.TryParse(field, out var left) && Number.TryParse(value, out var right)
            ? left.CompareTo(right)
            : string.Compare(field, value, StringComparison.OrdinalIgnoreCase);
    }
}
