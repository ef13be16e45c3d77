namespace Embedded.MongoDB.Wire;

/// <summary>What a message is. Everything else that ever had a number was removed from the protocol.</summary>
public enum OpCode
{
    /// <summary>The answer to <see cref="Query"/>.</summary>
    Reply = 1,

    /// <summary>Only for the first hello: a client does not know yet whether the server speaks <see cref="Message"/>.</summary>
    Query = 2004,

    /// <summary>Every other request and reply (OP_MSG).</summary>
    Message = 2013,
}
