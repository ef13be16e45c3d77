using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Support;

/// <summary>
/// Documents in the notation of the shell, as tests and the documentation write them: <c>{a: 1, b: [2.5, 'x', NumberLong(3)]}</c>.
/// Independent of the JSON reader of the driver, which has its own tests.
/// </summary>
internal ref struct Shell
{
    private readonly ReadOnlySpan<char> _text;
    private readonly BsonBuffer _output;
    private int _at;

    private Shell(string text)
    {
        _text = text;
        _output = new BsonBuffer();
    }

    /// <summary>The bytes of a document, or of an array when the text begins with a bracket.</summary>
    public static byte[] Bson(string text)
    {
        var shell = new Shell(text);
        shell.Skip();
        shell.WriteContainer();
        return shell._output.ToArray();
    }

    /// <summary>Any one value.</summary>
    public static StoredValue Value(string text) => StoredValue.Copy(Elements.At(Bson("[" + text + "]"), 0));

    private void WriteContainer()
    {
        var isArray = Take() == '[';
        var start = _output.BeginDocument();
        for (var index = 0; ; index++)
        {
            Skip();
            if (Peek() is '}' or ']')
            {
                _at++;
                break;
            }
            var name = index.ToString(CultureInfo.InvariantCulture);
            if (!isArray)
            {
                name = Peek() is '"' or '\'' ? Quoted() : Word();
                Expect(':');
            }
            WriteValue(name);
            Skip();
            if (Peek() == ',')
            {
                _at++;
            }
        }
        _output.EndDocument(start);
    }

    private void WriteValue(string name)
    {
        Skip();
        switch (Peek())
        {
            case '{' or '[':
                _output.BeginElement(Peek() == '{' ? BsonType.Document : BsonType.Array, Encoding.UTF8.GetBytes(name));
                WriteContainer();
                break;
            case '"' or '\'':
                _output.WriteString(Encoding.UTF8.GetBytes(name), Quoted());
                break;
            case '/':
                _at++;
                var end = _text[_at..].IndexOf('/') + _at;
                var pattern = _text[_at..end].ToString();
                _at = end + 1;
                Begin(BsonType.RegularExpression, name);
                _output.Write(Encoding.UTF8.GetBytes(pattern + "\0" + Word() + "\0"));
                break;
            default:
                WriteWord(name, Word());
                break;
        }
    }

    private void WriteWord(string name, string word)
    {
        switch (word)
        {
            case "true" or "false": Begin(BsonType.Boolean, name); _output.WriteByte(word == "true" ? (byte)1 : (byte)0); break;
            case "null": Begin(BsonType.Null, name); break;
            case "undefined": Begin(BsonType.Undefined, name); break;
            case "MinKey": Begin(BsonType.MinKey, name); break;
            case "MaxKey": Begin(BsonType.MaxKey, name); break;
            case "NaN": Write(name, double.NaN); break;
            case "Infinity": Write(name, double.PositiveInfinity); break;
            case "-Infinity": Write(name, double.NegativeInfinity); break;
            case "NumberLong": Write(name, long.Parse(Argument(), CultureInfo.InvariantCulture)); break;
            case "NumberDecimal":
                Assert.True(DecimalNumber.TryParse(Argument(), out var exact));
                Write(name, exact);
                break;
            case "ISODate":
                Begin(BsonType.DateTime, name);
                BinaryPrimitives.WriteInt64LittleEndian(_output.Take(8),
                    DateTimeOffset.Parse(Argument(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds());
                break;
            case "Timestamp":
                var parts = Argument().Split(',');
                Begin(BsonType.Timestamp, name);
                BinaryPrimitives.WriteUInt64LittleEndian(_output.Take(8),
                    (ulong.Parse(parts[0], CultureInfo.InvariantCulture) << 32) | ulong.Parse(parts[1], CultureInfo.InvariantCulture));
                break;
            case "ObjectId": Begin(BsonType.ObjectId, name); _output.Write(Convert.FromHexString(Argument())); break;
            case "BinData":
                var hex = Convert.FromHexString(Argument());
                Begin(BsonType.Binary, name);
                BinaryPrimitives.WriteInt32LittleEndian(_output.Take(4), hex.Length);
                _output.WriteByte(0);
                _output.Write(hex);
                break;
            case var number when number.AsSpan().IndexOfAny('.', 'e') >= 0: Write(name, double.Parse(number, CultureInfo.InvariantCulture)); break;
            case var number when int.TryParse(number, CultureInfo.InvariantCulture, out var small): Write(name, small); break;
            case var number: Write(name, long.Parse(number, CultureInfo.InvariantCulture)); break;
        }
    }

    private readonly void Write(string name, Number number)
    {
        Begin(number.Type, name);
        number.Write(_output);
    }

    private readonly void Begin(BsonType type, string name) => _output.BeginElement(type, Encoding.UTF8.GetBytes(name));

    private string Argument()
    {
        Expect('(');
        var end = _text[_at..].IndexOf(')') + _at;
        var argument = _text[_at..end].Trim().Trim('"').Trim('\'').ToString();
        _at = end + 1;
        return argument;
    }

    private string Quoted()
    {
        var quote = Take();
        var length = _text[_at..].IndexOf(quote);
        var quoted = _text.Slice(_at, length).ToString().Replace("\\0", "\0", StringComparison.Ordinal);
        _at += length + 1;
        return quoted;
    }

    private string Word()
    {
        Skip();
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$' or '.' or '-' or '+'))
        {
            _at++;
        }
        return _text[start.._at].ToString();
    }

    private void Expect(char expected)
    {
        Skip();
        Assert.Equal(expected, Take());
    }

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly char Peek() => _text[_at];

    private char Take() => _text[_at++];
}
