using Embedded.Kafka.Wire;

namespace Embedded.Kafka;

/// <summary>
/// One request on its way through a handler: what was asked, by whom, and where the answer goes. A connection handles
/// its requests one after another, so it reuses one call; nothing of it may be kept after the handler has returned.
/// </summary>
internal sealed class Call
{
    public required Broker Broker { get; init; }

    /// <summary>"/" + the client's address, as DescribeGroups shows it.</summary>
    public required string ClientHost { get; init; }

    /// <summary>Cancelled when the client is gone or the broker stops: waiting handlers give up.</summary>
    public required CancellationToken CancellationToken { get; init; }

    public short ApiKey { get; private set; }

    public short Version { get; private set; }

    public bool Flexible { get; private set; }

    public string ClientId { get; private set; } = "";

    /// <summary>The request's body. It borrows the connection's receive buffer, and may be written to: Produce stamps offsets in place.</summary>
    public Memory<byte> BodyMemory { get; private set; }

    /// <summary>A reader at the start of the body.</summary>
    public WireReader Body => new(BodyMemory.Span, Flexible);

    /// <summary>The answer; its header is already written.</summary>
    public WireWriter Reply { get; set; } = new();

    /// <summary>Set for acks=0: the request takes its turn and nothing is sent.</summary>
    public bool NoReply { get; set; }

    /// <summary>Set where the protocol has no other way to say no; see the specification's list of reasons.</summary>
    public bool CloseConnection { get; set; }

    /// <summary>Makes this call stand for the next request.</summary>
    public void Begin(short apiKey, short version, bool flexible, string clientId, Memory<byte> body)
    {
        ApiKey = apiKey;
        Version = version;
        Flexible = flexible;
        ClientId = clientId;
        BodyMemory = body;
        NoReply = false;
        CloseConnection = false;
        Reply.Flexible = flexible;
    }
}
