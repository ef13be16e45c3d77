using System.Globalization;

namespace Embedded.Aspire.Running;

/// <summary>What a person reads on the console: one line for each thing that matters, and nothing else.</summary>
internal sealed class ConsoleVoice(TextWriter output, TextWriter errors)
{
    private readonly Lock _gate = new();

    /// <summary>A resource works.</summary>
    public void Ready(string name, string what, string address, TimeSpan took) =>
        Say(output, string.Create(CultureInfo.InvariantCulture, $"{name,-16} {what,-16} {address,-32} ready in {took.TotalSeconds:0.0} s"));

    /// <summary>Something worth knowing.</summary>
    public void Note(string line) => Say(output, line);

    /// <summary>Something went wrong: what, what the program said last, and what to do.</summary>
    public void Trouble(string line, IReadOnlyList<string> lastLines)
    {
        lock (_gate)
        {
            errors.WriteLine(line);
            // What the program said is quoted, so that it cannot be mistaken for the host.
            foreach (var last in lastLines) errors.WriteLine("    " + last);
            errors.Flush();
        }
    }

    private void Say(TextWriter writer, string line)
    {
        lock (_gate)
        {
            writer.WriteLine(line.TrimEnd());
            writer.Flush();
        }
    }
}
