using System.Globalization;
using System.Text;

namespace MongoDB.Bson.IO;

/// <summary>What a piece of JSON is.</summary>
internal enum JsonTokenKind
{
    End,
    Punctuation,
    Text,
    Number,
    Word,
    Regex,
}

/// <summary>One piece of JSON: a string without its quotes, a number, a bare word, <c>/a/i</c>, or a character such as <c>{</c>.</summary>
internal readonly record struct JsonToken(JsonTokenKind Kind, string Text)
{
    public bool Is(char punctuation) => Kind == JsonTokenKind.Punctuation && Text[0] == punctuation;
}

/// <summary>Cuts text into tokens. Beyond JSON it takes what the shell takes: single quotes, bare names, regular expressions.</summary>
internal sealed class JsonScanner(string json)
{
    private int _position;

    public JsonToken Next()
    {
        while (_position < json.Length && (char.IsWhiteSpace(json[_position]) || json[_position] == '\ufeff'))
            _position++;
        if (_position == json.Length)
            return new(JsonTokenKind.End, "");

        var first = json[_position];
        if (first is '"' or '\'')
            return new(JsonTokenKind.Text, Quoted(first));
        if (first == '/')
            return new(JsonTokenKind.Regex, Regex());
        if (char.IsAsciiDigit(first) || first == '-')
            return Number();
        if (char.IsLetter(first) || first is '$' or '_')
            return new(JsonTokenKind.Word, Word());
        if ("{}[]:,()".Contains(first, StringComparison.Ordinal))
            return new(JsonTokenKind.Punctuation, json[_position++].ToString());
        throw Wrong($"'{first}' is not expected");
    }

    public FormatException Wrong(string problem) => new($"Invalid JSON at position {_position}: {problem}.");

    private string Word()
    {
        var start = _position;
        while (_position < json.Length && (char.IsLetterOrDigit(json[_position]) || json[_position] is '$' or '_' or '.'))
            _position++;
        return json[start.._position];
    }

    private JsonToken Number()
    {
        var start = _position++;
        if (json.AsSpan(start).StartsWith("-Infinity", StringComparison.Ordinal))
        {
            _position = start + "-Infinity".Length;
            return new(JsonTokenKind.Word, "-Infinity");
        }
        while (_position < json.Length && (char.IsAsciiDigit(json[_position])
            || json[_position] is '.' or 'e' or 'E' || (json[_position] is '+' or '-' && json[_position - 1] is 'e' or 'E')))
            _position++;
        return new(JsonTokenKind.Number, json[start.._position]);
    }

    private string Regex()
    {
        var start = _position++;
        for (; _position < json.Length && json[_position] != '/'; _position++)
        {
            if (json[_position] == '\\')
                _position++;
        }
        if (_position >= json.Length)
            throw Wrong("a regular expression has no end");
        _position++;
        while (_position < json.Length && char.IsAsciiLetter(json[_position]))
            _position++;
        return json[start.._position];
    }

    private string Quoted(char quote)
    {
        var text = new StringBuilder();
        for (_position++; _position < json.Length; _position++)
        {
            var character = json[_position];
            if (character == quote)
            {
                _position++;
                return text.ToString();
            }
            if (character < ' ')
                throw Wrong("a control character stands in a string");
            text.Append(character == '\\' ? Escaped() : character);
        }
        throw Wrong("a string has no end");
    }

    private char Escaped()
    {
        if (++_position >= json.Length)
            throw Wrong("a string has no end");
        switch (json[_position])
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '"' or '\'' or '\\' or '/': return json[_position];
            case 'u' when _position + 4 < json.Length
                && ushort.TryParse(json.AsSpan(_position + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _position += 4;
                return (char)code;
            default: throw Wrong($"the escape '\\{json[_position]}' is unknown");
        }
    }
}
