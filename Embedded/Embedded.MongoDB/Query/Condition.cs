using Embedded.MongoDB.Query.Predicates;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query;

/// <summary>
/// One operator before it is known where it applies: to whatever a path leads to, where each condition may be met by a
/// different element of an array, or to one given value.
/// </summary>
internal sealed class Condition
{
    private readonly ValueTest? _test;
    private readonly Condition? _opposite;
    private readonly List<Condition>? _every;

    private Condition(ValueTest? test, Condition? opposite, List<Condition>? every) => (_test, _opposite, _every) = (test, opposite, every);

    public static Condition Of(ValueTest test) => new(test, null, null);

    public static Condition Not(Condition opposite) => new(null, opposite, null);

    public static Condition Every(List<Condition> conditions) => new(null, null, conditions);

    public Predicate OnPath(FieldPath path) =>
        _test is not null ? new FieldPredicate(path, _test)
        : _opposite is not null ? new Predicates.Not(_opposite.OnPath(path))
        : new All(_every!.ConvertAll(condition => condition.OnPath(path)));

    public ValueTest OnElement() =>
        _test ?? (_opposite is not null
            ? new NotTest(_opposite.OnElement())
            : new AllTests(_every!.ConvertAll(condition => condition.OnElement())));
}
