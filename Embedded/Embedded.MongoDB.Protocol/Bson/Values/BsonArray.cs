using System.Collections;

namespace MongoDB.Bson;

/// <summary>An array of values.</summary>
public class BsonArray : BsonValue, IComparable<BsonArray>, IEquatable<BsonArray>, IList<BsonValue>
{
    private readonly List<BsonValue> _values;

    public BsonArray() => _values = [];

    public BsonArray(int capacity) => _values = new(capacity);

    public BsonArray(IEnumerable<bool> values) : this() => AddRange(values);

    public BsonArray(IEnumerable<BsonValue> values) : this() => AddRange(values);

    public BsonArray(IEnumerable<DateTime> values) : this() => AddRange(values);

    public BsonArray(IEnumerable<double> values) : this() => AddRange(values);

    public BsonArray(IEnumerable<int> values) : this() => AddRange(values);

    public BsonArray(IEnumerable<long> values) : this() => AddRange(values);

    public BsonArray(IEnumerable<ObjectId> values) : this() => AddRange(values);

    public BsonArray(IEnumerable<string> values) : this() => AddRange(values);

    public BsonArray(IEnumerable values) : this() => AddRange(values);

    public override BsonType BsonType => BsonType.Array;

    public virtual int Capacity
    {
        get => _values.Capacity;
        set => _values.Capacity = value;
    }

    public virtual int Count => _values.Count;

    public virtual bool IsReadOnly => false;

    public virtual IEnumerable<BsonValue> Values => _values;

    public override BsonValue this[int index]
    {
        get => _values[index];
        set => _values[index] = value ?? throw new ArgumentNullException(nameof(value));
    }

    public new static BsonArray Create(object value) => (BsonArray)BsonMapping.ToBson(value);

    /// <summary>Adds a value; null is left out.</summary>
    public virtual BsonArray Add(BsonValue value)
    {
        if (value is not null)
            _values.Add(value);
        return this;
    }

    void ICollection<BsonValue>.Add(BsonValue item) => Add(item);

    public virtual BsonArray AddRange(IEnumerable<bool> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable<BsonValue> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable<DateTime> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable<double> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable<int> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable<long> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable<ObjectId> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable<string> values) => AddEach(values, value => value);

    public virtual BsonArray AddRange(IEnumerable values) => AddEach(values.Cast<object?>(), BsonMapping.ToBson);

    public virtual void Clear() => _values.Clear();

    public override BsonValue Clone() => new BsonArray(_values.Select(value => value.Clone()));

    public override BsonValue DeepClone() => new BsonArray(_values.Select(value => value.DeepClone()));

    public int CompareTo(BsonArray? other) => CompareTo((BsonValue?)other);

    public virtual bool Contains(BsonValue item) => _values.Contains(item);

    public virtual void CopyTo(BsonValue[] array, int arrayIndex) => _values.CopyTo(array, arrayIndex);

    public bool Equals(BsonArray? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public virtual IEnumerator<BsonValue> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public virtual int IndexOf(BsonValue item) => _values.IndexOf(item);

    public virtual void Insert(int index, BsonValue item) => _values.Insert(index, item ?? throw new ArgumentNullException(nameof(item)));

    public virtual bool Remove(BsonValue item) => _values.Remove(item);

    public virtual void RemoveAt(int index) => _values.RemoveAt(index);

    public virtual BsonValue[] ToArray() => [.. _values];

    public virtual List<BsonValue> ToList() => [.. _values];

    public override string ToString() => this.ToJson();

    public static bool operator ==(BsonArray? lhs, BsonArray? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonArray? lhs, BsonArray? rhs) => !(lhs == rhs);

    private BsonArray AddEach<T>(IEnumerable<T> values, Func<T, BsonValue> convert)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
            _values.Add(convert(value) ?? BsonNull.Value);
        return this;
    }
}
