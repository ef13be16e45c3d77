using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Embedded.MongoDB.Protocol.Bson;
using MongoDB.Bson.IO;

namespace MongoDB.Bson;

/// <summary>
/// A document: named values in the order in which they were added. Names are unique unless <see cref="AllowDuplicateNames"/> says
/// otherwise; a document that was read keeps every element it had, and a lookup finds the first.
/// </summary>
public class BsonDocument : BsonValue, IComparable<BsonDocument>, IConvertibleToBsonDocument, IEnumerable<BsonElement>, IEquatable<BsonDocument>
{
    /// <summary>Above so many elements a lookup goes through a dictionary.</summary>
    private const int IndexedFromCount = 16;

    private readonly List<BsonElement> _elements = [];
    private Dictionary<string, int>? _positions;

    public BsonDocument() { }

    public BsonDocument(bool allowDuplicateNames) => AllowDuplicateNames = allowDuplicateNames;

    public BsonDocument(BsonElement element) => Add(element);

    public BsonDocument(string name, BsonValue value) => Add(name, value);

    public BsonDocument(BsonDocument document) => AddRange((IEnumerable<BsonElement>)Given(document));

    public BsonDocument(IEnumerable<BsonElement> elements) => AddRange(elements);

    public BsonDocument(Dictionary<string, object> dictionary) => AddRange(dictionary);

    public BsonDocument(IEnumerable<KeyValuePair<string, object>> dictionary) => AddRange(dictionary);

    public BsonDocument(IDictionary dictionary) => AddRange(dictionary);

    public override BsonType BsonType => BsonType.Document;

    /// <summary>True lets <see cref="Add(BsonElement)"/> repeat a name.</summary>
    public bool AllowDuplicateNames { get; set; }

    public int ElementCount => _elements.Count;

    public IEnumerable<BsonElement> Elements => _elements;

    public IEnumerable<string> Names => _elements.Select(element => element.Name);

    public IEnumerable<BsonValue> Values => _elements.Select(element => element.Value);

    public override BsonValue this[int index]
    {
        get => _elements[index].Value;
        set => Set(index, value);
    }

    /// <summary>The value of that name; setting replaces it in place, or appends.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public override BsonValue this[string name]
    {
        get => GetValue(name);
        set => Set(name, value);
    }

    /// <summary>Reads Extended JSON (canonical, relaxed or the shell's form).</summary>
    /// <exception cref="FormatException">The text is no document.</exception>
    /// <exception cref="InvalidOperationException">A name stands twice in a document.</exception>
    public static BsonDocument Parse(string json) => new JsonParser(Given(json)).ParseDocument();

    /// <summary>Reads Extended JSON; false if the text is no document.</summary>
    public static bool TryParse(string s, [NotNullWhen(true)] out BsonDocument? result)
    {
        try
        {
            result = s is null ? null : Parse(s);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)      // the latter: a name twice
        {
            result = null;
        }
        return result is not null;
    }

    public new static BsonDocument Create(object value) => (BsonDocument)BsonMapping.ToBson(value);

    /// <exception cref="InvalidOperationException">The name is there already.</exception>
    public virtual BsonDocument Add(BsonElement element)
    {
        if (!AllowDuplicateNames && IndexOfName(element.Name) >= 0)
            throw new InvalidOperationException($"Duplicate element name '{element.Name}'.");
        Append(element);
        return this;
    }

    public virtual BsonDocument Add(string name, BsonValue value) => Add(new BsonElement(name, value));

    public virtual BsonDocument Add(string name, BsonValue value, bool condition) => condition ? Add(name, value) : this;

    public virtual BsonDocument Add(string name, Func<BsonValue> valueFactory, bool condition) => condition ? Add(name, Given(valueFactory)()) : this;

    public virtual BsonDocument AddRange(IEnumerable<BsonElement> elements)
    {
        foreach (var element in Given(elements))
            Add(element);
        return this;
    }

    public virtual BsonDocument AddRange(Dictionary<string, object> dictionary) => AddRange((IEnumerable<KeyValuePair<string, object>>)dictionary);

    public virtual BsonDocument AddRange(IEnumerable<KeyValuePair<string, object>> dictionary)
    {
        foreach (var (name, value) in Given(dictionary))
            Add(name, BsonMapping.ToBson(value));
        return this;
    }

    public virtual BsonDocument AddRange(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in Given(dictionary))
            Add(entry.Key as string ?? throw new ArgumentException("The keys of a document are strings.", nameof(dictionary)), BsonMapping.ToBson(entry.Value));
        return this;
    }

    public virtual void Clear()
    {
        _elements.Clear();
        _positions = null;
    }

    public override BsonValue Clone() => Copy(element => element.Clone());

    public override BsonValue DeepClone() => Copy(element => element.DeepClone());

    public int CompareTo(BsonDocument? other) => CompareTo((BsonValue?)other);

    public virtual bool Contains(string name) => IndexOfName(name) >= 0;

    public virtual bool ContainsValue(BsonValue value) => _elements.Exists(element => element.Value.Equals(value));

    public bool Equals(BsonDocument? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public BsonElement GetElement(int index) => _elements[index];

    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public BsonElement GetElement(string name) => TryGetElement(name, out var element) ? element : throw NotFound(name);

    public IEnumerator<BsonElement> GetEnumerator() => _elements.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public virtual BsonValue GetValue(int index) => _elements[index].Value;

    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public virtual BsonValue GetValue(string name) => TryGetValue(name, out var value) ? value : throw NotFound(name);

    public virtual BsonValue GetValue(string name, BsonValue defaultValue) => TryGetValue(name, out var value) ? value : defaultValue;

    /// <summary>The position of the first element of that name; -1 if there is none.</summary>
    public virtual int IndexOfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_elements.Count < IndexedFromCount)
            return _elements.FindIndex(element => element.Name == name);

        if (_positions is null)
        {
            _positions = new(_elements.Count, StringComparer.Ordinal);
            for (var i = 0; i < _elements.Count; i++)
                _positions.TryAdd(_elements[i].Name, i);
        }
        return _positions.TryGetValue(name, out var index) ? index : -1;
    }

    public virtual void InsertAt(int index, BsonElement element)
    {
        if (!AllowDuplicateNames && IndexOfName(element.Name) >= 0)
            throw new InvalidOperationException($"Duplicate element name '{element.Name}'.");
        _elements.Insert(index, element);
        _positions = null;
    }

    public virtual BsonDocument Merge(BsonDocument document) => Merge(document, overwriteExistingElements: false);

    public virtual BsonDocument Merge(BsonDocument document, bool overwriteExistingElements)
    {
        foreach (var element in Given(document)._elements)
        {
            if (overwriteExistingElements || !Contains(element.Name))
                Set(element.Name, element.Value);
        }
        return this;
    }

    public virtual void Remove(string name)
    {
        for (var index = IndexOfName(name); index >= 0; index = AllowDuplicateNames ? IndexOfName(name) : -1)
            RemoveAt(index);
    }

    public virtual void RemoveAt(int index)
    {
        _elements.RemoveAt(index);
        _positions = null;
    }

    public virtual void RemoveElement(BsonElement element)
    {
        _elements.Remove(element);
        _positions = null;
    }

    public virtual BsonDocument Set(int index, BsonValue value)
    {
        _elements[index] = new BsonElement(_elements[index].Name, value);
        return this;
    }

    public virtual BsonDocument Set(string name, BsonValue value) => SetElement(new BsonElement(name, value));

    public virtual BsonDocument SetElement(int index, BsonElement element)
    {
        _elements[index] = element;
        _positions = null;
        return this;
    }

    public virtual BsonDocument SetElement(BsonElement element)
    {
        var index = IndexOfName(element.Name);
        if (index >= 0)
            _elements[index] = element;
        else
            Append(element);
        return this;
    }

    /// <summary>The document in CLR types: dictionaries, arrays, strings, numbers.</summary>
    public Dictionary<string, object> ToDictionary() =>
        _elements.DistinctBy(element => element.Name).ToDictionary(element => element.Name, element => BsonMapping.ToClr(element.Value)!);

    BsonDocument IConvertibleToBsonDocument.ToBsonDocument() => this;

    public override string ToString() => this.ToJson();

    public virtual bool TryGetElement(string name, out BsonElement value)
    {
        var index = IndexOfName(name);
        value = index >= 0 ? _elements[index] : default;
        return index >= 0;
    }

    public virtual bool TryGetValue(string name, [NotNullWhen(true)] out BsonValue? value)
    {
        var index = IndexOfName(name);
        value = index >= 0 ? _elements[index].Value : null;
        return index >= 0;
    }

    public static bool operator ==(BsonDocument? lhs, BsonDocument? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonDocument? lhs, BsonDocument? rhs) => !(lhs == rhs);

    /// <summary>Appends without looking for the name: what was read keeps what it had.</summary>
    internal void Append(BsonElement element)
    {
        _positions?.TryAdd(element.Name, _elements.Count);
        _elements.Add(element);
    }

    private BsonDocument Copy(Func<BsonElement, BsonElement> copy)
    {
        var result = new BsonDocument(AllowDuplicateNames);
        foreach (var element in _elements)
            result.Append(copy(element));
        return result;
    }

    private static T Given<T>(T? argument) where T : class => argument ?? throw new ArgumentNullException(typeof(T).Name);

    private static KeyNotFoundException NotFound(string name) => new($"Element '{name}' not found.");
}
