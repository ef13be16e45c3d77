namespace Pipeline.Tests.AppHost;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("yard is waited for: it answers 200 \x1b[2J\a", "yard is waited for: it answers 200 \uFFFD[2J\uFFFD")]
    [InlineData("one\ntwo\tthree", "one\uFFFDtwo\tthree")]
    [InlineData("Wärme … 20 °C", "Wärme … 20 °C")]
    public void What_a_stranger_has_said_does_not_steer_the_terminal(string line, string shown) => Assert.Equal(shown, Terminal.Printable(line));
}
