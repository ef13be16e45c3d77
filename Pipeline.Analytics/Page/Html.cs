using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Pipeline.Analytics.Page;

/// <summary>Markup. Whatever is put into a hole of <see cref="Of"/>'s string is escaped, unless it is markup already.</summary>
internal readonly record struct Html(string Markup)
{
    public static Html Of(Handler markup) => new(markup.Markup);

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> item) => new(string.Concat(items.Select(one => item(one).Markup)));

    public override string ToString() => Markup;

    [InterpolatedStringHandler]
    internal readonly struct Handler(int literalLength, int formattedCount)
    {
        private const int GuessedHoleLength = 16;

        private readonly StringBuilder _text = new(literalLength + formattedCount * GuessedHoleLength);

        public string Markup => _text.ToString();

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted(Html markup) => _text.Append(markup.Markup);

        public void AppendFormatted<T>(T value, string? format = null)
        {
            var text = value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString();
            _text.Append(HtmlEncoder.Default.Encode(text ?? ""));
        }
    }
}
