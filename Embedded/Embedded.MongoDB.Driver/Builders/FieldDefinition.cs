namespace MongoDB.Driver;

/// <summary>A field by its name, with dots into documents inside.</summary>
public abstract class FieldDefinition<TDocument>
{
    private protected FieldDefinition() { }

    internal abstract string Path { get; }

    public static implicit operator FieldDefinition<TDocument>(string fieldName) => new StringFieldDefinition<TDocument>(fieldName);
}

/// <summary>A field whose values are of a known type.</summary>
public abstract class FieldDefinition<TDocument, TField>
{
    private protected FieldDefinition() { }

    internal abstract string Path { get; }

    public static implicit operator FieldDefinition<TDocument, TField>(string fieldName) => new StringFieldDefinition<TDocument, TField>(fieldName);

    public static implicit operator FieldDefinition<TDocument>(FieldDefinition<TDocument, TField> field) => new StringFieldDefinition<TDocument>(field.Path);
}

/// <summary>A field that is a string.</summary>
public sealed class StringFieldDefinition<TDocument>(string fieldName) : FieldDefinition<TDocument>
{
    internal override string Path { get; } = fieldName ?? throw new ArgumentNullException(nameof(fieldName));
}

/// <summary>A field that is a string, whose values are of a known type.</summary>
public sealed class StringFieldDefinition<TDocument, TField>(string fieldName) : FieldDefinition<TDocument, TField>
{
    internal override string Path { get; } = fieldName ?? throw new ArgumentNullException(nameof(fieldName));
}
