using System.Globalization;
using System.Text;

namespace MongoDB.Bson.IO;

/// <summary>Writes values as text: <c>{ "a" : 1, "b" : [1, 2] }</c>.</summary>
internal sealed class JsonText(JsonWriterSettings settings)
{
    private readonly StringBuilder _text = new();
    private int _level;

    private bool IsCanonical => settings.OutputMode == JsonOutputMode.CanonicalExtendedJson;

    private bool IsShell => settings.OutputMode == JsonOutputMode.Shell;

    public string Write(BsonValue value)
    {
        Value(value);
        return _text.ToString();
    }

    private void Value(BsonValue value)
    {
        switch (value)
        {
            case BsonDocument document: Document(document); break;
            case BsonArray array: Array(array); break;
            case BsonString text: Quoted(text.Value); break;
            case BsonBoolean flag: _text.Append(flag.Value ? "true" : "false"); break;
            case BsonNull: _text.Append("null"); break;
            default: _text.Append(IsShell ? Shell(value) : Extended(value)); break;
        }
    }

    private void Document(BsonDocument document)
    {
        if (document.ElementCount == 0)
        {
            _text.Append("{ }");
            return;
        }

        _text.Append('{');
        _level++;
        for (var i = 0; i < document.ElementCount; i++)
        {
            var element = document.GetElement(i);
            _text.Append(i > 0 ? "," : "");
            Break();
            Quoted(element.Name);
            _text.Append(" : ");
            Value(element.Value);
        }
        _level--;
        Break();
        _text.Append('}');
    }

    private void Array(BsonArray array)
    {
        _text.Append('[');
        for (var i = 0; i < array.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "");
            Value(array[i]);
        }
        _text.Append(']');
    }

    private void Break()
    {
        if (!settings.Indent)
        {
            _text.Append(' ');
            return;
        }
        _text.Append(settings.NewLineChars);
        for (var i = 0; i < _level; i++)
            _text.Append(settings.IndentChars);
    }

    private string Extended(BsonValue value) => value switch
    {
        BsonInt32 number => IsCanonical ? Wrap("$numberInt", Quote($"{number}")) : $"{number}",
        BsonInt64 number => IsCanonical ? Wrap("$numberLong", Quote($"{number}")) : $"{number}",
        BsonDouble number => IsCanonical || !double.IsFinite(number.Value) ? Wrap("$numberDouble", Quote(Number(number.Value))) : Number(number.Value),
        BsonDecimal128 number => Wrap("$numberDecimal", Quote($"{number}")),
        BsonObjectId id => Wrap("$oid", Quote($"{id}")),
        BsonDateTime time => Wrap("$date", !IsCanonical && IsReadable(time) ? Quote(Iso(time)) : Wrap("$numberLong", Quote(Integer(time.MillisecondsSinceEpoch)))),
        BsonBinaryData binary => Wrap("$binary", $"{{ \"base64\" : \"{Convert.ToBase64String(binary.Bytes)}\", \"subType\" : \"{(int)binary.SubType:x2}\" }}"),
        BsonRegularExpression regex => Wrap("$regularExpression", $"{{ \"pattern\" : {Quote(regex.Pattern)}, \"options\" : {Quote(regex.Options)} }}"),
        BsonTimestamp time => Wrap("$timestamp", $"{{ \"t\" : {Integer((uint)time.Timestamp)}, \"i\" : {Integer((uint)time.Increment)} }}"),
        BsonJavaScriptWithScope code => $"{{ \"$code\" : {Quote(code.Code)}, \"$scope\" : {new JsonText(settings).Write(code.Scope)} }}",
        BsonJavaScript code => Wrap("$code", Quote(code.Code)),
        BsonSymbol symbol => Wrap("$symbol", Quote(symbol.Name)),
        BsonDbPointer pointer => Wrap("$dbPointer", $"{{ \"$ref\" : {Quote(pointer.Namespace)}, \"$id\" : {Wrap("$oid", Quote($"{pointer.Id}"))} }}"),
        BsonUndefined => Wrap("$undefined", "true"),
        BsonMinKey => Wrap("$minKey", "1"),
        BsonMaxKey => Wrap("$maxKey", "1"),
        _ => throw new ArgumentException($"{value.GetType()} has no JSON.", nameof(value)),
    };

    private string Shell(BsonValue value) => value switch
    {
        BsonInt32 number => $"{number}",
        BsonInt64 { Value: >= int.MinValue and <= int.MaxValue } number => $"NumberLong({number})",
        BsonInt64 number => $"NumberLong(\"{number}\")",
        BsonDouble number => Number(number.Value),
        BsonDecimal128 number => $"NumberDecimal(\"{number}\")",
        BsonObjectId id => $"ObjectId(\"{id}\")",
        BsonDateTime time => IsReadable(time) ? $"ISODate(\"{Iso(time)}\")" : $"new Date({Integer(time.MillisecondsSinceEpoch)})",
        BsonBinaryData { SubType: BsonBinarySubType.UuidStandard, Bytes.Length: 16 } uuid => $"UUID(\"{uuid.ToGuid()}\")",
        BsonBinaryData binary => $"new BinData({(int)binary.SubType}, \"{Convert.ToBase64String(binary.Bytes)}\")",
        BsonRegularExpression regex => $"{regex}",
        BsonTimestamp time => $"Timestamp({Integer((uint)time.Timestamp)}, {Integer((uint)time.Increment)})",
        BsonUndefined => "undefined",
        BsonMinKey => "MinKey",
        BsonMaxKey => "MaxKey",
        _ => Extended(value),
    };

    private static bool IsReadable(BsonDateTime time) => time.IsValid && time.ToUniversalTime().Year >= 1970;

    private static string Iso(BsonDateTime time) => time.ToUniversalTime().ToString(
        time.MillisecondsSinceEpoch % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A double keeps a fraction or an exponent, so that it is read back as one.</summary>
    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.TrimStart('-').All(char.IsAsciiDigit) ? text + ".0" : text;
    }

    private static string Wrap(string name, string value) => $"{{ \"{name}\" : {value} }}";

    private static string Quote(string text) => new JsonText(JsonWriterSettings.Defaults).Quoted(text)._text.ToString();

    private JsonText Quoted(string text)
    {
        _text.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append(@"\\"),
                '\b' => _text.Append("\\b"),
                '\f' => _text.Append("\\f"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                < ' ' or '\u007f' => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => _text.Append(character),
            };
        }
        _text.Append('"');
        return this;
    }
}
