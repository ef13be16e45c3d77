using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Arithmetic: null in, null out; int32 grows to int64 to double, and a decimal makes the result one.</summary>
internal static class ArithmeticOperators
{
    public static readonly Operator[] Rows =
    [
        Operator.Many("$add", 0, int.MaxValue, Add),
        Operator.Two("$subtract", Subtract),
        Operator.Many("$multiply", 0, int.MaxValue, Multiply),
        Operator.Two("$divide", Divide),
        Operator.Two("$mod", Mod),
        Operator.One("$abs", (value, scope) => OfNumber("$abs", value, scope, number => Number.Compare(number, 0) < 0 ? (Number)0 - number : number)),
        Operator.One("$ceil", (value, scope) => OfNumber("$ceil", value, scope, number => Whole(number, up: true))),
        Operator.One("$floor", (value, scope) => OfNumber("$floor", value, scope, number => Whole(number, up: false))),
        Operator.Many("$round", 1, 2, (arguments, root, scope) => Round("$round", arguments, root, scope, truncate: false)),
        Operator.Many("$trunc", 1, 2, (arguments, root, scope) => Round("$trunc", arguments, root, scope, truncate: true)),
        Operator.One("$sqrt", (value, scope) => OfReal("$sqrt", value, scope, real => real >= 0 || double.IsNaN(real) ? Math.Sqrt(real)
            : throw new CommandException(28714, "$sqrt's argument must be greater than or equal to 0"))),
        Operator.One("$exp", (value, scope) => OfReal("$exp", value, scope, Math.Exp)),
        Operator.One("$ln", (value, scope) => OfReal("$ln", value, scope, real => real > 0 || double.IsNaN(real) ? Math.Log(real)
            : throw new CommandException(28766, "$ln's argument must be a positive number"))),
        Operator.One("$log10", (value, scope) => OfReal("$log10", value, scope, real => real > 0 || double.IsNaN(real) ? Math.Log10(real)
            : throw new CommandException(28761, "$log10's argument must be a positive number"))),
        Operator.Two("$log", Log),
        Operator.Two("$pow", Pow),
        Operator.One("$sin", (value, scope) => OfReal("$sin", value, scope, Math.Sin)),
        Operator.One("$cos", (value, scope) => OfReal("$cos", value, scope, Math.Cos)),
        Operator.One("$tan", (value, scope) => OfReal("$tan", value, scope, Math.Tan)),
        Operator.One("$asin", (value, scope) => OfReal("$asin", value, scope, Math.Asin)),
        Operator.One("$acos", (value, scope) => OfReal("$acos", value, scope, Math.Acos)),
        Operator.One("$atan", (value, scope) => OfReal("$atan", value, scope, Math.Atan)),
        Operator.Two("$atan2", (left, right, scope) => left.IsNullish || right.IsNullish ? RawValue.Null
            : scope.Of(Math.Atan2(Numeric("$atan2", left).ToDouble(), Numeric("$atan2", right).ToDouble()))),
        Operator.One("$degreesToRadians", (value, scope) => OfReal("$degreesToRadians", value, scope, double.DegreesToRadians)),
        Operator.One("$radiansToDegrees", (value, scope) => OfReal("$radiansToDegrees", value, scope, double.RadiansToDegrees)),
        new() { Name = "$rand", Least = 0, Most = 0, IsPure = false, Apply = (_, _, scope) => scope.Of(Random.Shared.NextDouble()) },
    ];

    private static RawValue Add(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        Number sum = 0;
        var isDate = false;
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(root, scope);
            if (value.IsNullish)
            {
                return RawValue.Null;
            }
            if (value.Type == BsonType.DateTime)
            {
                if (isDate)
                {
                    throw new CommandException(16612, "only one date allowed in an $add expression");
                }
                isDate = true;
                sum += value.AsInt64;
            }
            else { sum += Numeric("$add", value); }
        }
        return isDate ? scope.Date(Milliseconds("$add", sum)) : scope.Of(sum);
    }

    private static RawValue Subtract(RawValue left, RawValue right, Evaluation scope)
    {
        if (left.IsNullish || right.IsNullish)
        {
            return RawValue.Null;
        }
        if (left.Type != BsonType.DateTime)
        {
            return scope.Of(Numeric("$subtract", left) - Numeric("$subtract", right));
        }
        return right.Type == BsonType.DateTime
            ? scope.Of(left.AsInt64 - right.AsInt64)
            : scope.Date(Milliseconds("$subtract", (Number)left.AsInt64 - Numeric("$subtract", right)));
    }

    private static RawValue Multiply(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        Number product = 1;
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(root, scope);
            if (value.IsNullish)
            {
                return RawValue.Null;
            }
            product *= Numeric("$multiply", value);
        }
        return scope.Of(product);
    }

    /// <summary>Always a double, or a decimal: 4 / 2 is 2.0.</summary>
    private static RawValue Divide(RawValue left, RawValue right, Evaluation scope)
    {
        if (left.IsNullish || right.IsNullish)
        {
            return RawValue.Null;
        }
        var (dividend, divisor) = (Numeric("$divide", left), Numeric("$divide", right));
        if (divisor.IsZero)
        {
            throw new CommandException(ErrorCode.BadValue, "can't $divide by zero");
        }
        return scope.Of(dividend.IsDecimal
            || divisor.IsDecimal ? dividend.ToDecimal() / divisor.ToDecimal() : (Number)(dividend.ToDouble() / divisor.ToDouble()));
    }

    /// <summary>The remainder, with the sign of the dividend.</summary>
    private static RawValue Mod(RawValue left, RawValue right, Evaluation scope)
    {
        if (left.IsNullish || right.IsNullish)
        {
            return RawValue.Null;
        }
        var (dividend, divisor) = (Numeric("$mod", left), Numeric("$mod", right));
        if (divisor.IsZero)
        {
            throw new CommandException(16610, "can't $mod by zero");
        }
        if (dividend.IsDecimal || divisor.IsDecimal)
        {
            return scope.Of(dividend.ToDecimal() % divisor.ToDecimal());
        }
        if (!dividend.IsInteger || !divisor.IsInteger)
        {
            return scope.Of(dividend.ToDouble() % divisor.ToDouble());
        }
        var remainder = divisor.Integer == -1 ? 0 : dividend.Integer % divisor.Integer;
        return scope.Of(dividend.Type == BsonType.Int32 && divisor.Type == BsonType.Int32 ? (Number)(int)remainder : remainder);
    }

    private static RawValue Log(RawValue value, RawValue radix, Evaluation scope)
    {
        if (value.IsNullish || radix.IsNullish)
        {
            return RawValue.Null;
        }
        var (number, @base) = (Numeric("$log", value).ToDouble(), Numeric("$log", radix).ToDouble());
        if (number <= 0)
        {
            throw new CommandException(28758, "$log's argument must be a positive number");
        }
        if (@base <= 0 || @base == 1)
        {
            throw new CommandException(28759, "$log's base must be a positive number not equal to 1");
        }
        return scope.Of(Math.Log(number) / Math.Log(@base));
    }

    private static RawValue Pow(RawValue value, RawValue exponent, Evaluation scope)
    {
        if (value.IsNullish || exponent.IsNullish)
        {
            return RawValue.Null;
        }
        var (number, power) = (Numeric("$pow", value), Numeric("$pow", exponent));
        if (number.IsZero && power.ToDouble() < 0)
        {
            throw new CommandException(28764, "$pow cannot take a base of 0 and a negative exponent");
        }
        if (number.IsInteger && power.IsInteger && power.Integer is >= 0 and <= 64)
        {
            Number product = number.Type == BsonType.Int32 && power.Type == BsonType.Int32 ? 1 : (Number)1L;
            for (var i = 0; i < power.Integer; i++)
            {
                product *= number;
            }
            return scope.Of(product);
        }
        return scope.Of(Math.Pow(number.ToDouble(), power.ToDouble()));
    }

    private static RawValue Round(string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope, bool truncate)
    {
        var value = arguments[0].Evaluate(root, scope);
        var place = 0L;
        if (arguments.Length > 1)
        {
            var given = arguments[1].Evaluate(root, scope);
            if (given.IsNullish)
            {
                return RawValue.Null;
            }
            if (!given.IsNumber || !Number.From(given).TryGetInt64(out place) || place is < -20 or > 100)
            {
                throw new CommandException(51083, $"cannot apply {name} with a precision value that is no whole number from -20 to 100");
            }
        }
        if (value.IsNullish)
        {
            return RawValue.Null;
        }
        var number = Numeric(name, value);
        if (number.IsInteger && place >= 0)
        {
            return scope.Of(number);
        }
        if (number.Type == BsonType.Double && !double.IsFinite(number.ToDouble()))
        {
            return scope.Of(number);
        }
        if (number.Type == BsonType.Double && place == 0)
        {
            return scope.Of(truncate ? Math.Truncate(number.ToDouble()) : Math.Round(number.ToDouble(), MidpointRounding.ToEven));
        }
        var rounded = number.ToExactDecimal().RoundTo((int)place, truncate);
        if (number.IsDecimal)
        {
            return scope.Of(rounded);
        }
        if (number.Type == BsonType.Double)
        {
            return scope.Of(rounded.ToDouble());
        }
        Number whole = rounded;
        return whole.TryGetInt64(out var integer)
            ? scope.Of(number.Type == BsonType.Int32 && integer == (int)integer ? (Number)(int)integer : integer)
            : throw new CommandException(51080, $"invalid conversion from Decimal128 result in {name}");
    }

    private static Number Whole(Number number, bool up)
    {
        if (number.IsInteger)
        {
            return number;
        }
        if (!number.IsDecimal)
        {
            return up ? Math.Ceiling(number.ToDouble()) : Math.Floor(number.ToDouble());
        }
        var exact = number.ToDecimal();
        if (!exact.IsFinite)
        {
            return number;
        }
        var whole = exact.RoundTo(0, truncate: true);
        var order = DecimalNumber.Compare(whole, exact);
        return up && order < 0 ? whole + 1 : !up && order > 0 ? whole - 1 : whole;
    }

    private static RawValue OfNumber(string name, RawValue value, Evaluation scope, Func<Number, Number> apply) =>
        value.IsNullish ? RawValue.Null : scope.Of(apply(Numeric(name, value)));

    private static RawValue OfReal(string name, RawValue value, Evaluation scope, Func<double, double> apply) =>
        value.IsNullish ? RawValue.Null : scope.Of(apply(Numeric(name, value).ToDouble()));

    internal static Number Numeric(string name, RawValue value) => value.IsNumber
        ? Number.From(value)
        : throw new CommandException(ErrorCode.TypeMismatch, $"{name} only supports numeric types, not {TypeName.Of(value.Type)}");

    private static long Milliseconds(string name, Number number) => number.TryTruncate(out var milliseconds)
        ? milliseconds
        : throw new CommandException(ErrorCode.Overflow, $"date overflow in {name}");
}
