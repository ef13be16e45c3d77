using System.Buffers.Binary;
using System.Text;

namespace Embedded.Tests.Kafka.Wire;

/// <summary>A message as names and values: long, bool, string, byte[], Guid, a list, a nested message, or null.</summary>
internal sealed class Message : Dictionary<string, object?>
{
    public List<object?> List(string name) => (List<object?>)this[name]!;

    public IEnumerable<Message> Messages(string name) => List(name).Cast<Message>();
}

/// <summary>
/// Reads and writes any message by its layout: slow, generic, and written without looking at the broker's own codec,
/// so the two can be held against each other.
/// </summary>
internal sealed class LayoutCodec(MessageLayout layout, short version)
{
    private readonly bool _flexible = layout.IsFlexible(version);

    public byte[] Encode(LayoutField[] fields, Message message)
    {
        var bytes = new List<byte>();
        WriteStruct(bytes, fields, message);
        return [.. bytes];
    }

    /// <summary>Decodes the whole of the bytes: nothing may be left over.</summary>
    public Message Decode(LayoutField[] fields, ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        var message = ReadStruct(fields, bytes.Span, ref at);
        Assert.Equal(bytes.Length, at);
        return message;
    }

    /// <summary>Any message of this layout: with nulls, empty and long values.</summary>
    public Message Random(LayoutField[] fields, Random random)
    {
        var message = new Message();
        foreach (var field in fields.Where(field => field.IsIn(version) && field.Tag is null))
        {
            message[field.Name] = RandomValue(field, random);
        }

        return message;
    }

    private object? RandomValue(LayoutField field, Random random)
    {
        if (version >= field.NullableFrom && random.Next(4) == 0)
        {
            return null;
        }

        switch (field.Kind)
        {
            case "bool": return random.Next(2) == 0;
            case "i8": return (long)(sbyte)random.Next();
            case "i16": return (long)(short)random.Next();
            case "i32": return (long)random.Next(int.MinValue, int.MaxValue);
            case "i64": return random.NextInt64(long.MinValue, long.MaxValue);
            case "uuid": return Guid.NewGuid();
            case "str": return new string('ü', random.Next(3) == 0 ? random.Next(300) : random.Next(4));
            case "bytes" or "records":
                var bytes = new byte[random.Next(3) == 0 ? random.Next(300) : random.Next(4)];
                random.NextBytes(bytes);
                return bytes;
            case "struct": return Random(field.Fields, random);
            default:
                var list = new List<object?>();
                for (var count = random.Next(4); count > 0; count--)
                {
                    list.Add(field.Fields[0].Name.Length == 0 ? RandomValue(field.Fields[0], random) : Random(field.Fields, random));
                }

                return list;
        }
    }

    private void WriteStruct(List<byte> to, LayoutField[] fields, Message message)
    {
        foreach (var field in fields.Where(field => field.IsIn(version) && field.Tag is null))
        {
            WriteValue(to, field, message[field.Name]);
        }

        if (_flexible)
        {
            to.Add(0);
        }
    }

    private void WriteValue(List<byte> to, LayoutField field, object? value)
    {
        Span<byte> fixedSize = stackalloc byte[8];
        switch (field.Kind)
        {
            case "bool": to.Add((bool)value! ? (byte)1 : (byte)0); break;
            case "i8": to.Add((byte)(long)value!); break;
            case "i16": BinaryPrimitives.WriteInt16BigEndian(fixedSize, (short)(long)value!); to.AddRange(fixedSize[..2]); break;
            case "i32": BinaryPrimitives.WriteInt32BigEndian(fixedSize, (int)(long)value!); to.AddRange(fixedSize[..4]); break;
            case "i64": BinaryPrimitives.WriteInt64BigEndian(fixedSize, (long)value!); to.AddRange(fixedSize); break;
            case "uuid": to.AddRange(((Guid)value!).ToByteArray(bigEndian: true)); break;
            case "str":
                var text = value is null ? null : Encoding.UTF8.GetBytes((string)value);
                WriteLength(to, text?.Length ?? -1, isString: true);
                to.AddRange(text ?? []);
                break;
            case "bytes" or "records":
                WriteLength(to, ((byte[]?)value)?.Length ?? -1, isString: false);
                to.AddRange((byte[]?)value ?? []);
                break;
            case "struct": WriteStruct(to, field.Fields, (Message)value!); break;
            default:
                var list = (List<object?>?)value;
                WriteLength(to, list?.Count ?? -1, isString: false);
                foreach (var element in list ?? [])
                {
                    if (element is Message message)
                    {
                        WriteStruct(to, field.Fields, message);
                    }
                    else
                    {
                        WriteValue(to, field.Fields[0], element);
                    }
                }
                break;
        }
    }

    private void WriteLength(List<byte> to, int length, bool isString)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (_flexible)
        {
            var rest = (uint)(length + 1);
            for (; rest >= 0x80; rest >>= 7)
            {
                to.Add((byte)(rest | 0x80));
            }

            to.Add((byte)rest);
        }
        else if (isString)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes, (short)length);
            to.AddRange(bytes[..2]);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, length);
            to.AddRange(bytes);
        }
    }

    private Message ReadStruct(LayoutField[] fields, ReadOnlySpan<byte> from, ref int at)
    {
        var message = new Message();
        foreach (var field in fields.Where(field => field.IsIn(version) && field.Tag is null))
        {
            message[field.Name] = ReadValue(field, from, ref at);
        }

        if (!_flexible)
        {
            return message;
        }

        for (var count = ReadUnsigned(from, ref at); count > 0; count--)
        {
            var tag = (int)ReadUnsigned(from, ref at);
            var end = (int)ReadUnsigned(from, ref at) + at;
            var field = fields.Single(each => each.Tag == tag && each.IsIn(version));
            message[field.Name] = ReadValue(field, from, ref at);
            Assert.Equal(end, at);
        }
        return message;
    }

    private object? ReadValue(LayoutField field, ReadOnlySpan<byte> from, ref int at)
    {
        switch (field.Kind)
        {
            case "bool": return Take(from, 1, ref at)[0] != 0;
            case "i8": return (long)(sbyte)Take(from, 1, ref at)[0];
            case "i16": return (long)BinaryPrimitives.ReadInt16BigEndian(Take(from, 2, ref at));
            case "i32": return (long)BinaryPrimitives.ReadInt32BigEndian(Take(from, 4, ref at));
            case "i64": return BinaryPrimitives.ReadInt64BigEndian(Take(from, 8, ref at));
            case "uuid": return new Guid(Take(from, 16, ref at), bigEndian: true);
            case "str": return ReadLength(field, from, ref at, isString: true) is { } size ? Encoding.UTF8.GetString(Take(from, size, ref at)) : null;
            case "bytes" or "records":
                return ReadLength(field, from, ref at, isString: false) is { } length ? Take(from, length, ref at).ToArray() : null;
            case "struct": return ReadStruct(field.Fields, from, ref at);
            default:
                if (ReadLength(field, from, ref at, isString: false) is not { } count)
                {
                    return null;
                }

                var list = new List<object?>();
                for (var i = 0; i < count; i++)
                {
                    list.Add(field.Fields[0].Name.Length == 0 ? ReadValue(field.Fields[0], from, ref at) : ReadStruct(field.Fields, from, ref at));
                }

                return list;
        }
    }

    private int? ReadLength(LayoutField field, ReadOnlySpan<byte> from, ref int at, bool isString)
    {
        var length = _flexible ? (int)ReadUnsigned(from, ref at) - 1
            : isString ? BinaryPrimitives.ReadInt16BigEndian(Take(from, 2, ref at))
            : BinaryPrimitives.ReadInt32BigEndian(Take(from, 4, ref at));
        if (length >= 0)
        {
            return length;
        }

        Assert.True(length == -1 && version >= field.NullableFrom, $"{layout.Name} v{version}: {field.Name} is {length} and may not be null");
        return null;
    }

    private static uint ReadUnsigned(ReadOnlySpan<byte> from, ref int at)
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(from, 1, ref at)[0];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> from, int count, ref int at)
    {
        var taken = from.Slice(at, count);
        at += count;
        return taken;
    }
}
