using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Inference.Models;

/// <summary>The fields of a protobuf message one after the other, where they lie: a model's weights are not copied to be passed over.</summary>
/// <remarks>Source: protobuf.dev, Encoding.</remarks>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public int Number { get; private set; }

    /// <summary>What a message, a text or bytes hold; nothing of a number.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Number = (int)(tag >> 3);
        Value = default;
        switch (tag & 7)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(sizeof(ulong));
                break;
            case 2:
                Value = Take(Varint());
                break;
            case 5:
                Take(sizeof(uint));
                break;
            default:
                ThrowBroken();
                break;
        }

        return true;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var one = Take(1)[0];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        ThrowBroken();
        return 0;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            ThrowBroken();
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    [DoesNotReturn]
    private static void ThrowBroken() => throw new InvalidDataException("not protobuf");
}
