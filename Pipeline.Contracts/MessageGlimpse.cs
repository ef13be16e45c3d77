using Google.Protobuf;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Contracts;

/// <summary>What can be made out of a message that nobody could use.</summary>
/// <param name="Id">Of its image; null where none can be made out.</param>
/// <param name="Picture">Its header has been looked at; null where there is none.</param>
public readonly record struct MessageGlimpse(string? Id, Picture? Picture)
{
    /// <summary>Looks at a record of either topic. Whatever is wrong with it, there is an answer.</summary>
    public static MessageGlimpse Of(byte[]? value, string? contentType)
    {
        if (value is null || !MessageEncoding.TryTell(value, contentType, out var isJson, out _))
        {
            return default;
        }

        try
        {
            return isJson ? JsonForms.Glimpse(MessageEncoding.JsonOf(value)) : OfProtobuf(value);
        }
        catch (Exception unforeseen) when (unforeseen is not OutOfMemoryException)
        {
            return default;
        }
    }

    /// <summary>The two messages have their ids in the same field, and no others of one kind in those of the picture.</summary>
    private static MessageGlimpse OfProtobuf(byte[] value)
    {
        Wire.CapturedImage wire;
        try
        {
            wire = Wire.CapturedImage.Parser.ParseFrom(value);
        }
        catch (InvalidProtocolBufferException)
        {
            return default;
        }

        var picture = wire.PixelFormat == Wire.PixelFormat.Rgb24
            ? Rgb24.Read(wire.Width, wire.Height, wire.Pixels.Memory)
            : Picture.Read(wire.Pixels.Memory);
        return new(wire.ImageId.Length == 0 ? null : wire.ImageId, picture.IsRead(out var read, out _) ? read : null);
    }
}
