namespace Embedded.Aspire.Running;

/// <summary>Turns names of resources into names of variables.</summary>
internal static class VariableName
{
    /// <summary>Everything but letters, digits and underscores becomes an underscore; a leading digit gets one.</summary>
    public static string Encode(string name)
    {
        var encoded = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? "_" + encoded : encoded;
    }
}

/// <summary>A URL as launch profiles write it: <c>http://localhost:5000</c>, <c>http://*:5000</c>, <c>http://+:5000</c>.</summary>
internal readonly record struct BindingUrl(string Scheme, string Host, int? Port)
{
    public static BindingUrl Parse(string text)
    {
        // The two wildcards are not host names, so Uri refuses them.
        var wildcard = text.Contains("://*", StringComparison.Ordinal) ? "*" : text.Contains("://+", StringComparison.Ordinal) ? "+" : null;
        var uri = new Uri(wildcard is null ? text : text.Replace($"://{wildcard}", "://wildcard", StringComparison.Ordinal));
        // No port, or port 0, leaves the choice to the host.
        var hasPort = uri.Port != 0 && (!uri.IsDefaultPort || text.Contains($":{uri.Port}", StringComparison.Ordinal));
        return new(uri.Scheme, wildcard ?? uri.Host, hasPort ? uri.Port : null);
    }
}

/// <summary>Arguments written as one string.</summary>
internal static class CommandLine
{
    /// <summary>Splits at blanks outside double quotes.</summary>
    public static string[] Split(string? text)
    {
        var arguments = new List<string>();
        var current = new System.Text.StringBuilder();
        bool quoted = false, any = false;
        foreach (var c in text ?? "")
        {
            if (c == '"') { quoted = !quoted; any = true; }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                if (any || current.Length > 0) arguments.Add(current.ToString());
                current.Clear();
                any = false;
            }
            else current.Append(c);
        }
        if (any || current.Length > 0) arguments.Add(current.ToString());
        return [.. arguments];
    }
}
