using Embedded.Aspire.Dashboard.Consoles;

namespace Embedded.Tests.Dashboard.Consoles;

public sealed class AnsiTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[32minfo\e[39m: ready", "<i class=\"a32\">info</i>: ready")]
    [InlineData("\e[1;31mfail\e[0m", "<i class=\"a31 a1\">fail</i>")]
    [InlineData("\e[38;5;12mblue\e[m", "<i class=\"a34\">blue</i>")]
    [InlineData("\e[38;2;1;2;3mtrue\e[m", "true")]
    [InlineData("a\e[2Kb\e]0;title\ac\e[", "abc")]
    [InlineData("<script>&", "&lt;script&gt;&amp;")]
    [InlineData("see http://localhost:1/a?b=1&c=2.", "see <a href=\"http://localhost:1/a?b=1&amp;c=2\" target=\"_blank\" rel=\"noreferrer\">http://localhost:1/a?b=1&amp;c=2</a>.")]
    public void A_line_becomes_markup(string line, string html) => Assert.Equal(html, AnsiText.ToHtml(line));

    [Fact]
    public void A_download_is_text_without_control_sequences() => Assert.Equal("info: ready", AnsiText.ToPlain("\e[32minfo\e[39m: \e[1mready\e[0m"));
}
