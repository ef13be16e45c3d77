using System.Text.RegularExpressions;

namespace MongoDB.Bson;

/// <summary>A pattern and its options, which are kept in alphabetical order.</summary>
public class BsonRegularExpression : BsonValue, IComparable<BsonRegularExpression>, IEquatable<BsonRegularExpression>
{
    /// <summary>A pattern, or <c>/pattern/options</c>.</summary>
    public BsonRegularExpression(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var end = pattern.Length > 1 && pattern[0] == '/' ? pattern.LastIndexOf('/') : 0;
        Pattern = end > 0 ? pattern[1..end].Replace(@"\/", "/", StringComparison.Ordinal) : pattern;
        Options = end > 0 ? Sorted(pattern[(end + 1)..]) : "";
    }

    public BsonRegularExpression(string pattern, string options)
    {
        Pattern = pattern ?? throw new ArgumentNullException(nameof(pattern));
        Options = Sorted(options ?? "");
    }

    public BsonRegularExpression(Regex regex)
    {
        ArgumentNullException.ThrowIfNull(regex);
        Pattern = regex.ToString();
        Options = (regex.Options.HasFlag(RegexOptions.IgnoreCase) ? "i" : "")
            + (regex.Options.HasFlag(RegexOptions.Multiline) ? "m" : "")
            + (regex.Options.HasFlag(RegexOptions.Singleline) ? "s" : "")
            + (regex.Options.HasFlag(RegexOptions.IgnorePatternWhitespace) ? "x" : "");
    }

    public override BsonType BsonType => BsonType.RegularExpression;

    public string Pattern { get; }

    public string Options { get; }

    public int CompareTo(BsonRegularExpression? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonRegularExpression? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => HashCode.Combine(Pattern, Options);

    public Regex ToRegex()
    {
        var options = RegexOptions.None;
        foreach (var letter in Options)
        {
            options |= letter switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                _ => RegexOptions.None,
            };
        }
        return new(Pattern, options);
    }

    public override string ToString() => $"/{Pattern.Replace("/", @"\/", StringComparison.Ordinal)}/{Options}";

    public static implicit operator BsonRegularExpression(Regex value) => new(value);

    public static implicit operator BsonRegularExpression(string value) => new(value);

    public static bool operator ==(BsonRegularExpression? lhs, BsonRegularExpression? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonRegularExpression? lhs, BsonRegularExpression? rhs) => !(lhs == rhs);

    private static string Sorted(string options) => string.Concat(options.Order());
}
