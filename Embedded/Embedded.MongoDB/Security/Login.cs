namespace Embedded.MongoDB.Security;

/// <summary>Where one connection stands with its login.</summary>
internal sealed class Login
{
    /// <summary>A client that guesses has to connect anew after so many guesses.</summary>
    private const int MaxFailures = 3;

    private int _failures;

    /// <summary>Who is logged in; null: nobody.</summary>
    public string? User { get; private set; }

    /// <summary>The login that has begun and is not finished.</summary>
    public ScramConversation? Conversation { get; private set; }

    /// <summary>The connection is not worth another attempt.</summary>
    public bool IsExhausted => _failures >= MaxFailures;

    public void Begin(ScramConversation? conversation) => Conversation = conversation;

    public void Succeed() => (User, Conversation, _failures) = (Conversation!.User, null, 0);

    public void Fail()
    {
        Conversation = null;
        _failures++;
    }

    public void End() => (User, Conversation) = (null, null);
}
