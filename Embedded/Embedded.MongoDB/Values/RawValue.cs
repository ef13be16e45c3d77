using System.Buffers.Binary;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>
/// A BSON value where it lies: its type and the bytes of its value. Nothing is copied or decoded until it is asked for.
/// The default is "missing": what a path that leads nowhere yields.
/// </summary>
internal readonly ref struct RawValue(BsonType type, ReadOnlySpan<byte> bytes)
{
    public BsonType Type { get; } = type;

    /// <summary>The value as it stands in a document, after the name: a string keeps its length and its end byte.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public static RawValue Missing => default;
    public static RawValue Null => new(BsonType.Null, default);
    public static RawValue True => new(BsonType.Boolean, [1]);
    public static RawValue False => new(BsonType.Boolean, [0]);

    public static RawValue Of(bool value) => value ? True : False;
    public static RawValue Document(ReadOnlySpan<byte> document) => new(BsonType.Document, document);
    public static RawValue Array(ReadOnlySpan<byte> array) => new(BsonType.Array, array);

    public bool IsMissing => Type == BsonType.EndOfDocument;
    public bool IsDocument => Type == BsonType.Document;
    public bool IsArray => Type == BsonType.Array;
    public bool IsString => Type == BsonType.String;

    /// <summary>Null, missing or undefined: what most expressions answer null to.</summary>
    public bool IsNullish => Type is BsonType.Null or BsonType.EndOfDocument or BsonType.Undefined;

    public bool IsNumber => Type is BsonType.Int32 or BsonType.Double or BsonType.Int64 or BsonType.Decimal128;

    public int AsInt32 => BinaryPrimitives.ReadInt32LittleEndian(Bytes);
    public long AsInt64 => BinaryPrimitives.ReadInt64LittleEndian(Bytes);
    public double AsDouble => BinaryPrimitives.ReadDoubleLittleEndian(Bytes);
    public bool AsBoolean => Bytes[0] != 0;

    /// <summary>The characters of a string, symbol or code value, as UTF-8 (which the server does not check).</summary>
    /// <exception cref="CommandException">14: this is no text.</exception>
    public ReadOnlySpan<byte> Utf8 => Type is BsonType.String or BsonType.Symbol or BsonType.JavaScript
        ? Bytes[4..^1]
        : throw new CommandException(ErrorCode.TypeMismatch, $"a string was expected, not a value of type {TypeName.Of(Type)}");

    /// <summary>The same as text; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Utf8);

    /// <summary>The payload of binary data, without the second length that subtype 2 carries.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[4] == 2 && Bytes.Length >= 9 ? Bytes[9..] : Bytes[5..];

    /// <summary>True, unless the value is false, zero, null or missing: what a condition means by true.</summary>
    public bool IsTruthy => Type switch
    {
        BsonType.EndOfDocument or BsonType.Null or BsonType.Undefined => false,
        BsonType.Boolean => AsBoolean,
        BsonType.Int32 => AsInt32 != 0,
        BsonType.Int64 => AsInt64 != 0,
        BsonType.Double => AsDouble != 0,
        BsonType.Decimal128 => !Number.From(this).IsZero,
        _ => true,
    };

    /// <summary>The first field of that name in a document; missing where there is none or where this is no document.</summary>
    public RawValue Field(ReadOnlySpan<byte> name) => IsDocument ? Elements.Find(Bytes, name) : Missing;
}
