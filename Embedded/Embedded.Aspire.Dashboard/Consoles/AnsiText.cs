using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Embedded.Aspire.Dashboard.Consoles;

/// <summary>Turns what a program writes to a terminal into markup: colours and weights become classes, addresses links, the rest text.</summary>
/// <remarks>
/// Understood are the sixteen colours, of the 256 those sixteen, bold, dim, italic and underlined (SGR). Every other control sequence is
/// left out. Nothing of the text can become markup of its own: it is encoded.
/// </remarks>
internal static partial class AnsiText
{
    /// <summary>The markup of one line.</summary>
    public static string ToHtml(string line)
    {
        var html = new StringBuilder(line.Length + 16);
        var style = new Style();
        var at = 0;
        foreach (Match escape in Escapes().Matches(line))
        {
            AppendText(html, line[at..escape.Index], style);
            at = escape.Index + escape.Length;
            if (escape.Groups["sgr"] is { Success: true } codes) style = style.After(codes.Value);
        }
        AppendText(html, line[at..], style);
        return html.ToString();
    }

    /// <summary>The text alone.</summary>
    public static string ToPlain(string line) => Escapes().Replace(line, "");

    private static void AppendText(StringBuilder html, string text, Style style)
    {
        if (text.Length == 0) return;
        var classes = style.Classes();
        if (classes.Length > 0) html.Append(CultureInfo.InvariantCulture, $"<i class=\"{classes}\">");
        var at = 0;
        foreach (Match address in Addresses().Matches(text))
        {
            html.Append(HtmlEncoder.Default.Encode(text[at..address.Index]));
            var encoded = HtmlEncoder.Default.Encode(address.Value);
            html.Append(CultureInfo.InvariantCulture, $"<a href=\"{encoded}\" target=\"_blank\" rel=\"noreferrer\">{encoded}</a>");
            at = address.Index + address.Length;
        }
        html.Append(HtmlEncoder.Default.Encode(text[at..]));
        if (classes.Length > 0) html.Append("</i>");
    }

    [GeneratedRegex(@"\x1b\[(?<sgr>[0-9;]{0,64})m|\x1b\[[0-9;?]{0,64}[@-~]|\x1b\][^\x07\x1b]{0,512}(\x07|\x1b\\)|\x1b.?|[\x00-\x08\x0b-\x1f\x7f]")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"https?://[^\s<>""'`]+[^\s<>""'`.,;:!?)\]}]")]
    private static partial Regex Addresses();

    private readonly record struct Style(int Fore, int Back, bool Bold, bool Dim, bool Italic, bool Underlined)
    {
        public Style After(string codes)
        {
            var style = this;
            var numbers = codes.Split(';');
            for (var i = 0; i < numbers.Length; i++)
            {
                var code = int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
                if (code is 38 or 48) i += style.Extended(numbers, i, out style);
                else style = style.After(code);
            }
            return style;
        }

        public string Classes()
        {
            var classes = new List<string>(4);
            if (Fore > 0) classes.Add(string.Create(CultureInfo.InvariantCulture, $"a{Fore}"));
            if (Back > 0) classes.Add(string.Create(CultureInfo.InvariantCulture, $"b{Back}"));
            if (Bold) classes.Add("a1");
            if (Dim) classes.Add("a2");
            if (Italic) classes.Add("a3");
            if (Underlined) classes.Add("a4");
            return string.Join(' ', classes);
        }

        private Style After(int code) => code switch
        {
            0 => default,
            1 => this with { Bold = true },
            2 => this with { Dim = true },
            3 => this with { Italic = true },
            4 => this with { Underlined = true },
            22 => this with { Bold = false, Dim = false },
            23 => this with { Italic = false },
            24 => this with { Underlined = false },
            39 => this with { Fore = 0 },
            49 => this with { Back = 0 },
            >= 30 and <= 37 => this with { Fore = code },
            >= 90 and <= 97 => this with { Fore = code - 60 },      // bright: the page has one shade of each
            >= 40 and <= 47 => this with { Back = code },
            >= 100 and <= 107 => this with { Back = code - 60 },
            _ => this,
        };

        // 38;5;N or 38;2;R;G;B: how many further numbers belong to it.
        private int Extended(string[] numbers, int at, out Style style)
        {
            style = this;
            var kind = at + 1 < numbers.Length ? numbers[at + 1] : "";
            if (kind == "2") return 4;
            if (kind != "5") return 0;
            if (at + 2 < numbers.Length && int.TryParse(numbers[at + 2], NumberStyles.None, CultureInfo.InvariantCulture, out var color) && color < 16)
                style = After((numbers[at] == "38" ? 30 : 40) + (color % 8));
            return 2;
        }
    }
}
