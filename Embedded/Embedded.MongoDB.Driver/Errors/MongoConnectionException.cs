using System.Net.Sockets;

namespace MongoDB.Driver;

/// <summary>A connection could not be made or broke. Whether the server has executed what was sent is not known.</summary>
public class MongoConnectionException : MongoException
{
    internal MongoConnectionException(string message) : base(message) { }

    internal MongoConnectionException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>True if a connect or socket timeout is behind it.</summary>
    public bool ContainsTimeoutException
    {
        get
        {
            for (var e = InnerException; e is not null; e = e.InnerException)
            {
                if (e is TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut })
                    return true;
            }
            return false;
        }
    }

    /// <summary>True, except where the server refused the credentials.</summary>
    public virtual bool IsNetworkException => this is not MongoAuthenticationException;
}
