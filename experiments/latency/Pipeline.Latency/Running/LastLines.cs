using System.Text;

namespace Pipeline.Latency.Running;

/// <summary>Takes what the AppHost, which runs in this process, tells its console; what it said last explains why a run failed.</summary>
internal sealed class LastLines : TextWriter
{
    private const int Kept = 20;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_lock)
        {
            if (value is not ('\n' or '\r'))
            {
                _line.Append(value);
                return;
            }

            if (_line.Length > 0)
            {
                _lines.Enqueue(_line.ToString());
            }

            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }

            _line.Clear();
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', [.. _lines, _line.ToString()]).Trim();
        }
    }
}
