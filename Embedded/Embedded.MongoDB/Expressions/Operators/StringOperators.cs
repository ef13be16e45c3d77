using System.Text;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Text. Positions count bytes (<c>…Bytes</c>) or code points (<c>…CP</c>), never UTF-16 units.</summary>
internal static class StringOperators
{
    public static readonly Operator[] Rows =
    [
        Operator.Many("$concat", 0, int.MaxValue, Concat),
        Operator.One("$toLower", (value, scope) => scope.String(Loose("$toLower", value).ToLowerInvariant())),
        Operator.One("$toUpper", (value, scope) => scope.String(Loose("$toUpper", value).ToUpperInvariant())),
        Operator.Two("$strcasecmp", (left, right, scope) => scope.Of(Math.Sign(
            string.CompareOrdinal(Loose("$strcasecmp", left).ToUpperInvariant(), Loose("$strcasecmp", right).ToUpperInvariant())))),
        Operator.One("$strLenBytes", (value, scope) => scope.Of(Strict("$strLenBytes", value, 34473).Utf8.Length)),
        Operator.One("$strLenCP", (value, scope) => scope.Of(CodePoints(Strict("$strLenCP", value, 34471).Utf8))),
        Operator.Many("$substr", 3, 3, SubstringBytes),
        Operator.Many("$substrBytes", 3, 3, SubstringBytes),
        Operator.Many("$substrCP", 3, 3, SubstringCodePoints),
        Operator.Two("$split", Split),
        Operator.Named("$trim", ["input", "chars?"], (arguments, root, scope) => Trim("$trim", arguments, root, scope, left: true, right: true)),
        Operator.Named("$ltrim", ["input", "chars?"], (arguments, root, scope) => Trim("$ltrim", arguments, root, scope, left: true, right: false)),
        Operator.Named("$rtrim", ["input", "chars?"], (arguments, root, scope) => Trim("$rtrim", arguments, root, scope, left: false, right: true)),
        Operator.Many("$indexOfBytes", 2, 4, (arguments, root, scope) => IndexOf("$indexOfBytes", arguments, root, scope, codePoints: false)),
        Operator.Many("$indexOfCP", 2, 4, (arguments, root, scope) => IndexOf("$indexOfCP", arguments, root, scope, codePoints: true)),
        Operator.Named(
            "$replaceOne", ["input", "find", "replacement"], (arguments, root, scope) => Replace("$replaceOne", arguments, root, scope, all: false)),
        Operator.Named(
            "$replaceAll", ["input", "find", "replacement"], (arguments, root, scope) => Replace("$replaceAll", arguments, root, scope, all: true)),
        Operator.Named("$regexMatch", ["input", "regex", "options?"], RegexMatch),
        Operator.Named("$regexFind", ["input", "regex", "options?"], RegexFind),
        Operator.Named("$regexFindAll", ["input", "regex", "options?"], RegexFindAll),
    ];

    private static RawValue Concat(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var start = scope.Scratch.Length;
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(root, scope);
            if (value.IsNullish)
            {
                scope.Scratch.Truncate(start);
                return RawValue.Null;
            }
            if (!value.IsString)
            {
                scope.Scratch.Truncate(start);
                throw new CommandException(16702, $"$concat only supports strings, not {TypeName.Of(value.Type)}");
            }
            scope.Scratch.Write(value.Utf8);
        }
        var result = scope.String(scope.Scratch.From(start));
        scope.Scratch.Truncate(start);
        return result;
    }

    private static RawValue SubstringBytes(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var (text, start, length) = SubstringArguments("$substrBytes", arguments, root, scope);
        var utf8 = Encoding.UTF8.GetBytes(text).AsSpan();
        if (start < 0 || start >= utf8.Length)
        {
            return scope.String("");
        }
        var end = length < 0 ? utf8.Length : (int)Math.Min(start + length, utf8.Length);
        if (IsContinuation(utf8, (int)start) || IsContinuation(utf8, end))
        {
            throw new CommandException(28656, "$substrBytes: Invalid range, a UTF-8 character would be cut");
        }
        return scope.String(utf8[(int)start..end]);

        static bool IsContinuation(ReadOnlySpan<byte> utf8, int at) => at < utf8.Length && (utf8[at] & 0xc0) == 0x80;
    }

    private static RawValue SubstringCodePoints(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var (text, start, length) = SubstringArguments("$substrCP", arguments, root, scope);
        if (start < 0 || length < 0)
        {
            throw new CommandException(34455, "$substrCP: start and length must not be negative");
        }
        var cut = new StringBuilder();
        long at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (at >= start + length)
            {
                break;
            }
            if (at++ >= start)
            {
                cut.Append(rune.ToString());
            }
        }
        return scope.String(cut.ToString());
    }

    private static (string Text, long Start, long Length) SubstringArguments(
        string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope) =>
        (Loose(name, arguments[0].Evaluate(root, scope)), Whole(name, arguments[1].Evaluate(root, scope)),
            Whole(name, arguments[2].Evaluate(root, scope)));

    private static RawValue Split(RawValue value, RawValue separator, Evaluation scope)
    {
        if (value.IsNullish || separator.IsNullish)
        {
            return RawValue.Null;
        }
        var (text, mark) = (Strict("$split", value, 40085).Text, Strict("$split", separator, 40086).Text);
        if (mark.Length == 0)
        {
            throw new CommandException(40087, "$split requires a non-empty separator");
        }
        return Strings(text.Split(mark), scope);
    }

    private static RawValue Trim(string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope, bool left, bool right)
    {
        var value = arguments[0].Evaluate(root, scope);
        var chars = arguments[1].Evaluate(root, scope);
        if (value.IsNullish || (chars.IsNullish && arguments[1] is not Nothing))
        {
            return RawValue.Null;
        }
        var text = Strict(name, value, 50699).Text;
        // Without a list: what Unicode calls white space, and NUL, which it does not.
        Func<Rune, bool> trims = chars.IsNullish
            ? rune => Rune.IsWhiteSpace(rune) || rune.Value == 0
            : Strict(name, chars, 50700).Text.EnumerateRunes().ToHashSet().Contains;
        var runes = text.EnumerateRunes().ToList();
        var (start, end) = (0, runes.Count);
        while (left && start < end && trims(runes[start]))
        {
            start++;
        }
        while (right && end > start && trims(runes[end - 1]))
        {
            end--;
        }
        return scope.String(string.Concat(runes[start..end]));
    }

    private static RawValue IndexOf(string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope, bool codePoints)
    {
        var value = arguments[0].Evaluate(root, scope);
        if (value.IsNullish)
        {
            return RawValue.Null;
        }
        var text = Strict(name, value, 40091).Utf8;
        var wanted = Strict(name, arguments[1].Evaluate(root, scope), 40092).Utf8;
        var start = arguments.Length > 2 ? Whole(name, arguments[2].Evaluate(root, scope)) : 0;
        var end = arguments.Length > 3 ? Whole(name, arguments[3].Evaluate(root, scope)) : long.MaxValue;
        if (start < 0 || end < 0)
        {
            throw new CommandException(40097, $"{name} requires a nonnegative start and end index");
        }
        var total = codePoints ? CodePoints(text) : text.Length;
        end = Math.Min(end, total);
        if (start > end)
        {
            return scope.Of(-1);
        }
        var (from, to) = codePoints ? (ByteIndex(text, start), ByteIndex(text, end)) : ((int)start, (int)end);
        var found = text[from..to].IndexOf(wanted);
        return scope.Of(found < 0 ? -1 : codePoints ? CodePoints(text[..(from + found)]) : from + found);
    }

    private static RawValue Replace(string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope, bool all)
    {
        var input = arguments[0].Evaluate(root, scope);
        var find = arguments[1].Evaluate(root, scope);
        var replacement = arguments[2].Evaluate(root, scope);
        if (input.IsNullish || find.IsNullish || replacement.IsNullish)
        {
            return RawValue.Null;
        }
        var (text, wanted, with) = (Strict(name, input, 51746).Text, Strict(name, find, 51745).Text, Strict(name, replacement, 51744).Text);
        if (wanted.Length == 0)
        {
            return scope.String(with + text);
        }
        if (all)
        {
            return scope.String(text.Replace(wanted, with, StringComparison.Ordinal));
        }
        var at = text.IndexOf(wanted, StringComparison.Ordinal);
        return at < 0 ? input : scope.String(string.Concat(text.AsSpan(0, at), with, text.AsSpan(at + wanted.Length)));
    }

    private static RawValue RegexMatch(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope) =>
        RegexArguments("$regexMatch", arguments, root, scope) is var (regex, text) && text is not null
            ? RawValue.Of(Regexes.IsMatch(regex!, text))
            : RawValue.False;

    private static RawValue RegexFind(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var (regex, text) = RegexArguments("$regexFind", arguments, root, scope);
        if (text is null || Regexes.Match(regex!, text, 0) is not { Success: true } match)
        {
            return RawValue.Null;
        }
        var start = scope.Scratch.BeginDocument();
        WriteMatch(match, text, scope.Scratch);
        return scope.Finish(BsonType.Document, start);
    }

    private static RawValue RegexFindAll(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var (regex, text) = RegexArguments("$regexFindAll", arguments, root, scope);
        var start = scope.Scratch.BeginDocument();
        if (text is not null)
        {
            var match = Regexes.Match(regex!, text, 0);
            for (var i = 0; match.Success; i++)
            {
                scope.Scratch.BeginItem(BsonType.Document, i);
                var item = scope.Scratch.BeginDocument();
                WriteMatch(match, text, scope.Scratch);
                scope.Scratch.EndDocument(item);
                match = match.NextMatch();
            }
        }
        return scope.Finish(BsonType.Array, start);
    }

    private static void WriteMatch(System.Text.RegularExpressions.Match match, string text, BsonBuffer output)
    {
        output.WriteString("match"u8, match.Value);
        output.WriteInt32("idx"u8, text.AsSpan(0, match.Index).EnumerateRunes().Count());
        output.BeginElement(BsonType.Array, "captures"u8);
        var captures = output.BeginDocument();
        for (var i = 1; i < match.Groups.Count; i++)
        {
            var name = Encoding.UTF8.GetBytes((i - 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (match.Groups[i].Success)
            {
                output.WriteString(name, match.Groups[i].Value);
            }
            else
            {
                output.WriteElement(name, RawValue.Null);
            }
        }
        output.EndDocument(captures);
    }

    private static int Count(this SpanRuneEnumerator runes)
    {
        var count = 0;
        while (runes.MoveNext())
        {
            count++;
        }
        return count;
    }

    private static (System.Text.RegularExpressions.Regex? Regex, string? Text) RegexArguments(
        string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var input = arguments[0].Evaluate(root, scope);
        var pattern = arguments[1].Evaluate(root, scope);
        var options = arguments[2].Evaluate(root, scope);
        if (input.IsNullish || pattern.IsNullish)
        {
            return (null, null);
        }
        var (text, flags) = pattern.Type == BsonType.RegularExpression ? Regexes.Split(pattern.Bytes) : (Strict(name, pattern, 51105).Text, "");
        if (!options.IsNullish)
        {
            flags = Strict(name, options, 51106).Text;
        }
        return (Regexes.Compile(text, flags), Strict(name, input, 51104).Text);
    }

    internal static RawValue Strings(IEnumerable<string> texts, Evaluation scope)
    {
        var start = scope.Scratch.BeginDocument();
        var i = 0;
        foreach (var text in texts)
        {
            scope.Scratch.WriteString(Encoding.UTF8.GetBytes((i++).ToString(System.Globalization.CultureInfo.InvariantCulture)), text);
        }
        return scope.Finish(BsonType.Array, start);
    }

    /// <summary>Text for the operators that take anything which has some: null is the empty string.</summary>
    private static string Loose(string name, RawValue value) => value.Type switch
    {
        BsonType.EndOfDocument or BsonType.Null or BsonType.Undefined => "",
        BsonType.String or BsonType.Symbol or BsonType.JavaScript => value.Text,
        BsonType.DateTime => Dates.Iso(value.AsInt64),
        _ when value.IsNumber => Number.From(value).ToString(),
        _ => throw new CommandException(16007, $"{name}: can't convert from BSON type {TypeName.Of(value.Type)} to String"),
    };

    private static RawValue Strict(string name, RawValue value, int code) => value.IsString
        ? value
        : throw new CommandException(code, $"{name} requires a string argument, found: {TypeName.Of(value.Type)}");

    private static long Whole(string name, RawValue value) => value.IsNumber && Number.From(value).TryTruncate(out var whole)
        ? Math.Clamp(whole, int.MinValue, int.MaxValue)
        : throw new CommandException(40096, $"{name} requires an integral position, found a value of type: {TypeName.Of(value.Type)}");

    private static int CodePoints(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var octet in utf8)
        {
            count += (octet & 0xc0) != 0x80 ? 1 : 0;
        }
        return count;
    }

    private static int ByteIndex(ReadOnlySpan<byte> utf8, long codePoint)
    {
        var at = 0;
        for (; at < utf8.Length; at++)
        {
            if ((utf8[at] & 0xc0) != 0x80 && codePoint-- == 0)
            {
                break;
            }
        }
        return at;
    }
}
