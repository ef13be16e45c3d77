using System.Globalization;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Wire;

/// <summary>One field of a message, as Golden/kafka-layouts.txt describes it.</summary>
/// <param name="Kind">i8 i16 i32 i64 bool uuid str bytes records, "struct" or "array".</param>
/// <param name="Fields">Of a struct, or of an array's elements; an array of primitives has one field without a name.</param>
/// <param name="NullableFrom">First version in which it may be null; <see cref="short.MaxValue"/> if never.</param>
internal sealed record LayoutField(string Name, string Kind, LayoutField[] Fields, short NullableFrom, short Since, short Until, int? Tag)
{
    public bool IsIn(short version) => version >= Since && version <= Until;
}

/// <summary>The two messages of one API.</summary>
internal sealed record MessageLayout(
    short Key, string Name, short MinVersion, short MaxVersion, short FlexibleFrom, LayoutField[] Request, LayoutField[] Answer)
{
    private static readonly Lazy<MessageLayout[]> Golden = new(() => Parse(File.ReadAllLines(
        Path.Combine(Repository.Root, "Embedded", "Embedded.Tests", "Golden", "kafka-layouts.txt"))));

    public static IReadOnlyList<MessageLayout> All => Golden.Value;

    public static MessageLayout Of(short key) => All.Single(layout => layout.Key == key);

    public bool IsFlexible(short version) => version >= FlexibleFrom;

    private static MessageLayout[] Parse(string[] lines)
    {
        var content = lines.Where(line => line.Length > 0 && line[0] != '#').ToArray();
        return [.. content.Chunk(3).Select(three =>
        {
            var head = three[0].Split(' ');
            var range = head[2].Split("..");
            return new MessageLayout(
                Number(head[0]), head[1], Number(range[0]), Number(range[^1]),
                head[4] == "none" ? short.MaxValue : Number(head[4].TrimEnd('+')), Fields(three[1], '>'), Fields(three[2], '<'));
        })];
    }

    private static LayoutField[] Fields(string line, char direction)
    {
        Assert.StartsWith(direction.ToString(), line.Trim(), StringComparison.Ordinal);
        var text = new Grammar(line.Trim()[1..]);
        return text.ReadFields(end: '\0');
    }

    private static short Number(string text) => short.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A recursive descent over <c>name:type?{3+}</c>.</summary>
    private sealed class Grammar(string text)
    {
        private int _at;

        private char Next => _at < text.Length ? text[_at] : '\0';

        public LayoutField[] ReadFields(char end)
        {
            var fields = new List<LayoutField>();
            while (true)
            {
                while (Next == ' ')
                {
                    _at++;
                }

                if (Next == end)
                {
                    break;
                }

                fields.Add(ReadField());
            }
            if (end != '\0')
            {
                _at++;
            }

            return [.. fields];
        }

        private LayoutField ReadField()
        {
            int? tag = null;
            if (Next == '#')
            {
                _at++;
                tag = Number(Word());
                Skip(':');
            }
            var name = Word();
            Skip(':');
            return ReadType(name) with { Tag = tag };
        }

        private LayoutField ReadType(string name)
        {
            var (kind, fields) = Next switch
            {
                '(' => ("struct", ReadGroup(')')),
                '[' => ("array", ReadElements()),
                _ => (Word(), []),
            };
            var nullableFrom = short.MaxValue;
            if (Next == '?')
            {
                _at++;
                nullableFrom = char.IsAsciiDigit(Next) ? Number(Word()) : (short)0;
                if (Next == '+')
                {
                    _at++;
                }
            }
            var (since, until) = ((short)0, short.MaxValue);
            if (Next == '{')
            {
                var close = text.IndexOf('}', _at);
                var range = text[(_at + 1)..close];
                _at = close + 1;
                since = Number(range.TrimEnd('+').Split('-')[0]);
                until = range.EndsWith('+') ? short.MaxValue : Number(range.Split('-')[^1]);
            }
            return new LayoutField(name, kind, fields, nullableFrom, since, until, null);
        }

        private LayoutField[] ReadGroup(char end)
        {
            _at++;
            return ReadFields(end);
        }

        private LayoutField[] ReadElements()
        {
            var isPrimitive = text[(_at + 1)..text.IndexOfAny([']', ':'], _at)].All(char.IsAsciiLetterOrDigit)
                && text[text.IndexOfAny([']', ':'], _at)] == ']';
            if (!isPrimitive)
            {
                return ReadGroup(']');
            }

            _at++;
            var element = ReadType("");
            Skip(']');
            return [element];
        }

        private string Word()
        {
            var start = _at;
            while (char.IsAsciiLetterOrDigit(Next) || Next == '_')
            {
                _at++;
            }

            Assert.True(_at > start, $"a word expected at {start} of: {text}");
            return text[start.._at];
        }

        private void Skip(char expected)
        {
            Assert.Equal(expected, Next);
            _at++;
        }
    }
}
