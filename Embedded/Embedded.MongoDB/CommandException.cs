namespace Embedded.MongoDB;

/// <summary>
/// Something the client asked for cannot be done. Thrown anywhere below a command and turned into an error document, or
/// into one entry of <c>writeErrors</c>, at one boundary.
/// </summary>
internal class CommandException : Exception
{
    public CommandException(ErrorCode code, string message)
        : this((int)code, message)
    {
    }

    /// <param name="code">A number of <see cref="ErrorCode"/>, or one that has no name ("Location").</param>
    public CommandException(int code, string message)
        : base(message)
    {
        Code = code;
        CodeName = Enum.GetName((ErrorCode)code) ?? $"Location{code}";
    }

    public int Code { get; }

    public string CodeName { get; }
}
