using System.Globalization;
using System.Text.RegularExpressions;
using Embedded.MongoDB.Protocol.Bson;

namespace MongoDB.Bson;

/// <summary>
/// One value of BSON. <c>As…</c> casts and throws <see cref="InvalidCastException"/> on another type; <c>To…</c> converts.
/// Values compare in the server's order (numbers by value whatever their type), and are equal when type and value are.
/// </summary>
public abstract partial class BsonValue : IComparable<BsonValue>, IEquatable<BsonValue>
{
    /// <summary>The type of this value.</summary>
    public abstract BsonType BsonType { get; }

    /// <summary>The element of an array or a document at a position.</summary>
    /// <exception cref="NotSupportedException">This is neither.</exception>
    public virtual BsonValue this[int index]
    {
        get => throw new NotSupportedException($"{GetType().Name} does not support indexing by position (only BsonDocument and BsonArray do).");
        set => throw new NotSupportedException($"{GetType().Name} does not support indexing by position (only BsonDocument and BsonArray do).");
    }

    /// <summary>The element of a document by name.</summary>
    /// <exception cref="NotSupportedException">This is no document.</exception>
    public virtual BsonValue this[string name]
    {
        get => throw new NotSupportedException($"{GetType().Name} does not support indexing by name (only BsonDocument does).");
        set => throw new NotSupportedException($"{GetType().Name} does not support indexing by name (only BsonDocument does).");
    }

    /// <summary>The value that a CLR object stands for; null stands for <see cref="BsonNull"/>.</summary>
    /// <exception cref="ArgumentException">Objects of this type stand for none.</exception>
    public static BsonValue Create(object? value) => BsonMapping.ToBson(value);

    /// <summary>A copy; what is inside a document or an array is shared.</summary>
    public virtual BsonValue Clone() => this;

    /// <summary>A copy that shares nothing that can change.</summary>
    public virtual BsonValue DeepClone() => this;

    /// <summary>Compares in the server's order; everything is above null (the reference).</summary>
    public int CompareTo(BsonValue? other) => other is null ? 1 : BsonOrder.Compare(this, other);

    /// <summary>Compares types only, in the server's order: all numbers are one.</summary>
    public int CompareTypeTo(BsonValue? other) => other is null ? 1 : BsonOrder.ClassOf(BsonType).CompareTo(BsonOrder.ClassOf(other.BsonType));

    /// <summary>True for the same type and value.</summary>
    public bool Equals(BsonValue? obj) => obj is not null && obj.BsonType == BsonType && BsonOrder.Compare(this, obj) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BsonValue);

    /// <inheritdoc/>
    public override int GetHashCode() => BsonOrder.Hash(this);

    /// <summary>Equal in value: of numbers the type does not matter.</summary>
    public static bool operator ==(BsonValue? lhs, BsonValue? rhs)
    {
        if (lhs is null || rhs is null)
            return lhs is null && rhs is null;
        return lhs.IsNumeric && rhs.IsNumeric ? BsonOrder.Compare(lhs, rhs) == 0 : lhs.Equals(rhs);
    }

    /// <summary>Not equal in value.</summary>
    public static bool operator !=(BsonValue? lhs, BsonValue? rhs) => !(lhs == rhs);

    /// <summary>Below in the server's order.</summary>
    public static bool operator <(BsonValue? lhs, BsonValue? rhs) => Compare(lhs, rhs) < 0;

    /// <summary>Below or equal in the server's order.</summary>
    public static bool operator <=(BsonValue? lhs, BsonValue? rhs) => Compare(lhs, rhs) <= 0;

    /// <summary>Above in the server's order.</summary>
    public static bool operator >(BsonValue? lhs, BsonValue? rhs) => Compare(lhs, rhs) > 0;

    /// <summary>Above or equal in the server's order.</summary>
    public static bool operator >=(BsonValue? lhs, BsonValue? rhs) => Compare(lhs, rhs) >= 0;

    private static int Compare(BsonValue? lhs, BsonValue? rhs) => lhs is null ? (rhs is null ? 0 : -1) : lhs.CompareTo(rhs);

    /// <summary>Truth as JavaScript has it: false, 0, NaN, "", null and undefined are false.</summary>
    public virtual bool ToBoolean() => true;

    /// <summary>The number as a double; text is parsed.</summary>
    public virtual double ToDouble() => throw NoConversion(nameof(Double));

    /// <summary>The number as an int32, rounded; text is parsed.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public virtual int ToInt32() => throw NoConversion(nameof(Int32));

    /// <summary>The number as an int64, rounded; text is parsed.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public virtual long ToInt64() => throw NoConversion(nameof(Int64));

    /// <summary>The number as a decimal; text is parsed.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public virtual decimal ToDecimal() => throw NoConversion(nameof(Decimal));

    /// <summary>The number with 34 digits.</summary>
    public virtual Decimal128 ToDecimal128() => throw NoConversion(nameof(Decimal128));

    /// <summary>The date in UTC.</summary>
    public virtual DateTime ToUniversalTime() => throw NoConversion(nameof(DateTime));

    /// <summary>The date in local time.</summary>
    public virtual DateTime ToLocalTime() => throw NoConversion(nameof(DateTime));

    private NotSupportedException NoConversion(string target) => new($"{GetType().Name} cannot be converted to {target}.");
}
