using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace Pipeline.Contracts.Stored;

/// <summary>Reads a field that a stranger may have written: a value of another type is none, and no reason to fail for all documents.</summary>
internal abstract class Lenient<T> : SerializerBase<T?>
{
    public override T? Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args)
    {
        if (context.Reader.CurrentBsonType == BsonType.Document)
        {
            context.Reader.SkipValue();
            return Read(BsonNull.Value);
        }
        return Read(BsonValueSerializer.Instance.Deserialize(context));
    }

    /// <summary>For filters and updates.</summary>
    public override void Serialize(BsonSerializationContext context, BsonSerializationArgs args, T? value) =>
        BsonValueSerializer.Instance.Serialize(context, BsonValue.Create(value));

    protected abstract T? Read(BsonValue value);
}

internal sealed class LenientText : Lenient<string>
{
    protected override string? Read(BsonValue value) => value.IsString ? value.AsString : null;
}

/// <summary>Ids of any type can be shown; only those that are strings are found again.</summary>
internal sealed class LenientId : Lenient<string>
{
    public override string? Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        Read(BsonValueSerializer.Instance.Deserialize(context));

    protected override string? Read(BsonValue value) => value.ToString();
}

/// <summary>Dates of the years 1 to 9999.</summary>
internal sealed class LenientTime : Lenient<DateTime?>
{
    protected override DateTime? Read(BsonValue value) => value.IsValidDateTime ? value.ToUniversalTime() : null;
}

/// <summary>Finite ones: JSON, to which they go, has no others.</summary>
internal sealed class LenientNumber : Lenient<double?>
{
    protected override double? Read(BsonValue value) => Finite(value);

    public static double? Finite(BsonValue value) => value.IsNumeric && value.ToDouble() is var number && double.IsFinite(number) ? number : null;
}

internal sealed class LenientSize : Lenient<int?>
{
    protected override int? Read(BsonValue value) =>
        LenientNumber.Finite(value) is >= int.MinValue and <= int.MaxValue and var size ? (int)size : null;
}

/// <summary>As many as a prediction has, all of them finite, or none.</summary>
internal sealed class LenientNumbers : Lenient<double[]>
{
    protected override double[]? Read(BsonValue value) =>
        value is BsonArray { Count: > 0 and <= Limits.MaxProbabilities } list && list.All(one => LenientNumber.Finite(one) is not null)
            ? [.. list.Select(one => one.ToDouble())]
            : null;
}

/// <summary>As many as a prediction has, all of them text, or none.</summary>
internal sealed class LenientTexts : Lenient<string[]>
{
    protected override string[]? Read(BsonValue value) =>
        value is BsonArray { Count: > 0 and <= Limits.MaxProbabilities } list && list.All(one => one.IsString)
            ? [.. list.Select(one => one.AsString)]
            : null;
}

internal sealed class LenientBytes : Lenient<byte[]>
{
    protected override byte[]? Read(BsonValue value) => value switch
    {
        BsonBinaryData binary => binary.Bytes,
        BsonNull => null,
        _ => [],
    };
}

/// <summary>A document, or none.</summary>
internal sealed class LenientShadow : Lenient<StoredShadow>
{
    public override StoredShadow? Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        context.Reader.CurrentBsonType == BsonType.Document
            ? BsonSerializer.Deserialize<StoredShadow>(context.Reader)
            : base.Deserialize(context, args);

    protected override StoredShadow? Read(BsonValue value) => null;
}

/// <summary>Whatever stands there is an image half: a write that asks for a document without one does not match.</summary>
internal sealed class LenientPicture : Lenient<StoredPicture>, IBsonDocumentSerializer
{
    private static readonly Lazy<IBsonSerializer<StoredPicture>> Fields = new(BsonSerializer.LookupSerializer<StoredPicture>);

    public override StoredPicture? Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        context.Reader.CurrentBsonType == BsonType.Document ? Fields.Value.Deserialize(context) : base.Deserialize(context, args);

    public bool TryGetMemberSerializationInfo(string memberName, out BsonSerializationInfo serializationInfo) =>
        ((IBsonDocumentSerializer)Fields.Value).TryGetMemberSerializationInfo(memberName, out serializationInfo);

    protected override StoredPicture Read(BsonValue value) => new();
}
