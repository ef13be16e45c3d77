using Embedded.MongoDB.Query;

namespace Embedded.MongoDB.Aggregation;

internal static class Expression
{
    public static StoredValue EvaluateConstant(RawValue spec, Variables variables) => throw Errors.BadValue("expressions are not supported yet");
}
