using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Embedded.Aspire.Running;

/// <summary>
/// Finds ports that nobody listens on. Below the range from which the system takes ports for outgoing connections: a port found
/// there could be taken by any client before the process that it is meant for has started.
/// </summary>
internal static class PortAllocator
{
    private const int First = 10_000;
    private const int End = 32_000;
    private const int MaxAttempts = 2_000;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> GivenOut = [];
    private static readonly List<FileStream> Reservations = [];         // one for each port given out for a key

    /// <summary>A free port, which this process does not give out again.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var port = Random.Shared.Next(First, End);
                if (IsFree(port) && GivenOut.Add(port)) return port;
            }
        }
        throw new InvalidOperationException($"No free port between {First} and {End}.");
    }

    /// <summary>
    /// The port that belongs to a key, the same in every run, so that bookmarks and other programs' settings keep working; when it is
    /// taken, for instance by a second run of the same AppHost, one of those that follow.
    /// </summary>
    public static int Next(string key)
    {
        var hash = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        lock (Gate)
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var port = First + (int)((hash + (uint)attempt) % (End - First));
                if (!GivenOut.Contains(port) && IsFree(port) && TryReserve(port) && GivenOut.Add(port)) return port;
            }
        }
        return Next();
    }

    // A second run that starts in the same moment wants the same ports, before anybody listens there. A lock on a file tells them
    // apart; the system lets go of it when the process ends, however it ends.
    private static bool TryReserve(int port)
    {
        try
        {
            Reservations.Add(new FileStream(
                Path.Combine(Path.GetTempPath(), $"apphost-port-{port}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether both loopback addresses are free.</summary>
    public static bool IsFree(int port) => CanBind(IPAddress.Loopback, port) && CanBind(IPAddress.IPv6Loopback, port);

    private static bool CanBind(IPAddress address, int port)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6) return true;
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true;                                // a machine without IPv6
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
