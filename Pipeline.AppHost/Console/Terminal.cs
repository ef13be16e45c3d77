/// <summary>The AppHost's console: whole lines, and below them one that changes in place.</summary>
internal sealed class Terminal
{
    private readonly Lock _lock = new();
    private readonly bool _canRewrite = !Console.IsOutputRedirected;
    private string _status = "";

    /// <summary>Whether the changing line is one line; in a log file each change is a line of its own.</summary>
    public bool CanRewrite => _canRewrite;

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            Clear();
            Console.Out.WriteLine(Printable(line));
            Restore();
        }
    }

    /// <param name="headline">What went wrong, on stderr.</param>
    /// <param name="quoted">What the program said last, indented so that it cannot be mistaken for the AppHost.</param>
    public void WriteTrouble(string headline, IEnumerable<string> quoted)
    {
        lock (_lock)
        {
            Clear();
            Console.Error.WriteLine(Printable(headline));
            foreach (var line in quoted)
            {
                Console.Error.WriteLine("    " + Printable(line));
            }

            Restore();
        }
    }

    /// <summary>Replaces the changing line.</summary>
    public void WriteStatus(string status)
    {
        status = Printable(status);
        lock (_lock)
        {
            if (status == _status)
            {
                return;
            }

            if (_canRewrite)
            {
                Clear();
                Console.Out.Write(status);
            }
            else if (status.Length > 0)
            {
                Console.Out.WriteLine(status);
            }

            _status = status;
        }
    }

    /// <summary>Without what would steer the terminal: a line may quote a file's name, or what a camera has answered.</summary>
    internal static string Printable(string line) =>
        string.Concat(line.Select(letter => char.IsControl(letter) && letter != '\t' ? '\uFFFD' : letter));

    private void Clear()
    {
        if (_canRewrite && _status.Length > 0)
        {
            Console.Out.Write($"\r{new string(' ', _status.Length)}\r");
        }
    }

    private void Restore()
    {
        if (_canRewrite)
        {
            Console.Out.Write(_status);
        }
    }
}
