using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes the value of a parameter for which nothing is configured.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();

    /// <summary>Says in the manifest how a deployment makes the value: properties of the input's <c>default</c> object.</summary>
    public abstract void WriteToManifest(ManifestPublishingContext context);
}

/// <summary>A random value, such as a password.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Letters that people mistake for digits are left out.
    private const string LowerCase = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCase = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>Characters, at least.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether lower-case letters may occur.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether upper-case letters may occur.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits may occur.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether special characters may occur.</summary>
    public bool Special { get; set; } = true;

    /// <summary>Lower-case letters, at least.</summary>
    public int MinLower { get; set; }

    /// <summary>Upper-case letters, at least.</summary>
    public int MinUpper { get; set; }

    /// <summary>Digits, at least.</summary>
    public int MinNumeric { get; set; }

    /// <summary>Special characters, at least.</summary>
    public int MinSpecial { get; set; }

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        (bool Allowed, int Min, string Alphabet)[] kinds =
        [
            (Lower, MinLower, LowerCase), (Upper, MinUpper, UpperCase), (Numeric, MinNumeric, Digits), (Special, MinSpecial, SpecialCharacters),
        ];
        var characters = kinds.Where(k => k.Allowed).SelectMany(k => RandomNumberGenerator.GetItems<char>(k.Alphabet, k.Min)).ToList();
        var all = string.Concat(kinds.Where(k => k.Allowed).Select(k => k.Alphabet));
        if (all.Length == 0) throw new InvalidOperationException("A generated value needs at least one kind of character.");
        characters.AddRange(RandomNumberGenerator.GetItems<char>(all, Math.Max(0, MinLength - characters.Count)));

        var shuffled = characters.ToArray();
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        return new string(shuffled);
    }

    /// <inheritdoc/>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        var writer = context.Writer;
        writer.WriteStartObject("generate");
        writer.WriteNumber("minLength", MinLength);
        foreach (var (name, allowed) in (ReadOnlySpan<(string, bool)>)[("lower", Lower), ("upper", Upper), ("numeric", Numeric), ("special", Special)])
        {
            if (!allowed) writer.WriteBoolean(name, false);
        }
        foreach (var (name, min) in (ReadOnlySpan<(string, int)>)
                 [("minLower", MinLower), ("minUpper", MinUpper), ("minNumeric", MinNumeric), ("minSpecial", MinSpecial)])
        {
            if (min > 0) writer.WriteNumber(name, min);
        }
        writer.WriteEndObject();
    }
}

/// <summary>A value that the AppHost's source gives. It may be meant for this machine only; then the manifest keeps silent about it.</summary>
internal sealed class ConstantParameterDefault(Func<string> value, bool isPublished) : ParameterDefault
{
    public bool IsPublished => isPublished;

    public override string GetDefaultValue() => value();

    public override void WriteToManifest(ManifestPublishingContext context) => context.Writer.WriteString("value", value());
}
