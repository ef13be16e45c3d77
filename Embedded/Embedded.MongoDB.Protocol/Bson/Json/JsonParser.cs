using System.Globalization;
using Embedded.MongoDB.Protocol.Bson;

namespace MongoDB.Bson.IO;

/// <summary>Reads Extended JSON, canonical or relaxed, and the forms of the shell, into values.</summary>
internal sealed class JsonParser(string json)
{
    private readonly JsonScanner _scanner = new(json);
    private JsonToken? _pushedBack;

    /// <exception cref="FormatException">The text is not one document.</exception>
    public BsonDocument ParseDocument() => ParseValue() as BsonDocument ?? throw _scanner.Wrong("a document was expected");

    /// <exception cref="FormatException">The text is not one value.</exception>
    public BsonValue ParseValue()
    {
        var value = Value(Next(), 0);
        return Next().Kind == JsonTokenKind.End ? value : throw _scanner.Wrong("text follows the value");
    }

    private BsonValue Value(JsonToken token, int depth)
    {
        if (depth > BsonLayout.MaxNestingDepth)
            throw _scanner.Wrong($"more than {BsonLayout.MaxNestingDepth} documents are nested");

        return token.Kind switch
        {
            JsonTokenKind.Text => new BsonString(token.Text),
            JsonTokenKind.Number => Number(token.Text),
            JsonTokenKind.Regex => new BsonRegularExpression(token.Text),
            JsonTokenKind.Word => Word(token.Text),
            JsonTokenKind.Punctuation when token.Is('{') => Document(depth),
            JsonTokenKind.Punctuation when token.Is('[') => Array(depth),
            _ => throw _scanner.Wrong($"a value was expected and '{token.Text}' came"),
        };
    }

    private BsonValue Document(int depth)
    {
        var document = new BsonDocument();
        for (var token = Next(); !token.Is('}'); token = Next())
        {
            if (document.ElementCount > 0)
                token = token.Is(',') ? Next() : throw _scanner.Wrong("',' or '}' was expected");
            if (token.Kind is not (JsonTokenKind.Text or JsonTokenKind.Word or JsonTokenKind.Number))
                throw _scanner.Wrong("a name was expected");
            if (token.Text.Contains('\0', StringComparison.Ordinal))
                throw _scanner.Wrong("a name holds a zero character");
            if (!Next().Is(':'))
                throw _scanner.Wrong("':' was expected");
            document.Add(token.Text, Value(Next(), depth + 1));
        }
        // The outermost is what was asked for: a document, whatever it looks like.
        return depth == 0 || document.ElementCount == 0 ? document : ExtendedJson.Unwrap(document);
    }

    private BsonArray Array(int depth)
    {
        var array = new BsonArray();
        for (var token = Next(); !token.Is(']'); token = Next())
        {
            if (array.Count > 0)
                token = token.Is(',') ? Next() : throw _scanner.Wrong("',' or ']' was expected");
            array.Add(Value(token, depth + 1));
        }
        return array;
    }

    private BsonValue Number(string text)
    {
        if (text.Length > 1 && text.TrimStart('-') is ['0', >= '0' and <= '9', ..])
            throw _scanner.Wrong($"{text} begins with a zero");
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small) && text != "-0")
            return new BsonInt32(small);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) && text != "-0")
            return new BsonInt64(large);
        if (char.IsAsciiDigit(text[^1]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return new BsonDouble(number);
        throw _scanner.Wrong($"{text} is no number");
    }

    private BsonValue Word(string word)
    {
        switch (word)
        {
            case "true": return BsonBoolean.True;
            case "false": return BsonBoolean.False;
            case "null": return BsonNull.Value;
            case "undefined": return BsonUndefined.Value;
            case "NaN": return new BsonDouble(double.NaN);
            case "Infinity": return new BsonDouble(double.PositiveInfinity);
            case "-Infinity": return new BsonDouble(double.NegativeInfinity);
            case "new": return Word(Next().Text);
        }

        List<BsonValue> arguments = [];
        var token = Next();
        if (!token.Is('('))
        {
            _pushedBack = token;
        }
        else
        {
            for (token = Next(); !token.Is(')'); token = Next())
            {
                if (arguments.Count > 0)
                    token = token.Is(',') ? Next() : throw _scanner.Wrong("',' or ')' was expected");
                arguments.Add(Value(token, 1));
            }
        }
        return ShellForms.TryBuild(word, arguments) ?? throw _scanner.Wrong($"'{word}' is unknown or its arguments are wrong");
    }

    private JsonToken Next()
    {
        var token = _pushedBack ?? _scanner.Next();
        _pushedBack = null;
        return token;
    }
}
