using System.Runtime.InteropServices;
using System.Text;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// Short strings that come again and again — names, keys, addresses — as one object each. A table of fixed size: a string that
/// falls on a taken place takes it over. Safe for several threads without a lock: a place holds one whole string or another.
/// </summary>
internal sealed class StringPool
{
    private const int SlotCount = 1 << 14;
    private const int MaxBytes = 64;

    private readonly string?[] _slots = new string?[SlotCount];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        if (utf8.Length > MaxBytes) return Encoding.UTF8.GetString(utf8);

        ref var slot = ref _slots[Hash(utf8) % SlotCount];
        var known = slot;
        // Only ASCII is shared: Equals says no to anything else.
        return known is not null && Ascii.Equals(utf8, known) ? known : slot = Encoding.UTF8.GetString(utf8);
    }

    // Both ends and the length tell names and ids apart; senders have nothing to gain from collisions but strings that are not shared.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;
        if (bytes.Length < sizeof(ulong))
        {
            var few = (ulong)bytes.Length;
            foreach (var one in bytes) few = (few << 8) | one;
            return (uint)((few * Odd) >> 40);
        }
        var hash = (MemoryMarshal.Read<ulong>(bytes) * Odd) ^ (ulong)bytes.Length;
        return (uint)(((hash ^ MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..])) * Odd) >> 40);
    }
}
