namespace Pipeline.Producer;

/// <summary>One line of the console that says how far something is. Where output goes to a file there is only its end.</summary>
internal sealed class ProgressLine(string what) : IDisposable
{
    private readonly bool _live = !Console.IsOutputRedirected;
    private int _width;

    public void Show(string progress)
    {
        if (_live)
        {
            Write($"{what}: {progress}");
        }
    }

    /// <summary>In the place of the progress.</summary>
    public void End(string text)
    {
        Write(text);
        Console.WriteLine();
        _width = 0;
    }

    /// <summary>Leaves an unfinished line empty, for what went wrong.</summary>
    public void Dispose()
    {
        if (_width > 0)
        {
            Write("");
            Console.Write('\r');
        }
    }

    private void Write(string text)
    {
        Console.Write(_live ? "\r" + text.PadRight(_width) : text);
        _width = text.Length;
    }
}
