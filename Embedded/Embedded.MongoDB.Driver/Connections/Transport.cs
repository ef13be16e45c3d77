using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace MongoDB.Driver;

/// <summary>Opens the byte stream to a server: TCP or a Unix socket, with TLS if the settings say so.</summary>
internal static class Transport
{
    public static async Task<Stream> OpenAsync(MongoServerAddress address, MongoClientSettings settings, CancellationToken cancellationToken)
    {
        var socket = address.IsUnixSocket
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            if (address.IsUnixSocket)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.Host), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                await socket.ConnectAsync(new DnsEndPoint(address.Host, address.Port), cancellationToken).ConfigureAwait(false);
            }

            stream = new NetworkStream(socket, ownsSocket: true);
            return settings.UseTls ? await SecureAsync(stream, address, settings, cancellationToken).ConfigureAwait(false) : stream;
        }
        catch
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream stream, MongoServerAddress address, MongoClientSettings settings, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions { TargetHost = address.Host };
        options.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || settings.AllowInsecureTls;
        await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        return secure;
    }
}
