using System.Text;
using System.Text.RegularExpressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Query.Predicates;

/// <summary>A regular expression finds something in a string; a stored regular expression passes only if it is the same.</summary>
internal sealed class RegexTest : ValueTest
{
    private readonly byte[] _asStored;
    private readonly Regex _regex;
    private readonly byte[]? _prefix;

    public RegexTest(string pattern, string options)
    {
        _regex = Regexes.Compile(pattern, options);
        _asStored = Encoding.UTF8.GetBytes(pattern + "\0" + options + "\0");
        if (options.Length == 0 && pattern is ['^', _, ..] && !pattern.AsSpan(1).ContainsAny(Regexes.SpecialCharacters))
        {
            _prefix = Encoding.UTF8.GetBytes(pattern[1..]);
        }
    }

    public override bool Test(RawValue candidate, ref int position)
    {
        if (candidate.Type == BsonType.RegularExpression)
        {
            return candidate.Bytes.SequenceEqual(_asStored);
        }
        if (candidate.Type is not (BsonType.String or BsonType.Symbol))
        {
            return false;
        }
        return _prefix is null ? Regexes.IsMatch(_regex, candidate.Text) : candidate.Utf8.StartsWith(_prefix);
    }
}
