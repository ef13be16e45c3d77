using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Embedded.MongoDB.Values;

/// <summary>
/// Patterns written for PCRE, run by .NET, never for longer than a second: a limit that the package's regular expressions do not have.
/// </summary>
internal static class Regexes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static readonly SearchValues<char> SpecialCharacters = SearchValues.Create("\\^$.|?*+()[]{}");

    /// <exception cref="CommandException">51108: an unknown option; 51091: a pattern that is none.</exception>
    public static Regex Compile(string pattern, string options)
    {
        var flags = RegexOptions.CultureInvariant;
        foreach (var option in options)
        {
            flags |= option switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                'u' => RegexOptions.None,                               // patterns are Unicode anyway
                _ => throw new CommandException(51108, $"invalid flag in regex options: {option}"),
            };
        }
        try { return new Regex(pattern, flags, Patience); }
        catch (ArgumentException problem)
        {
            throw new CommandException(51091, $"Regular expression is invalid: {problem.Message}");
        }
    }

    /// <summary>The pattern and the options of a BSON regular expression.</summary>
    public static (string Pattern, string Options) Split(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return (Encoding.UTF8.GetString(bytes[..end]), Encoding.UTF8.GetString(bytes[(end + 1)..^1]));
    }

    public static bool IsMatch(Regex regex, string text) => Run(() => regex.IsMatch(text));

    public static Match Match(Regex regex, string text, int startIndex) => Run(() => regex.Match(text, startIndex));

    private static T Run<T>(Func<T> search)
    {
        try { return search(); }
        catch (RegexMatchTimeoutException)
        {
            throw new CommandException(ErrorCode.MaxTimeMSExpired, "a regular expression ran for longer than a second");
        }
    }
}
