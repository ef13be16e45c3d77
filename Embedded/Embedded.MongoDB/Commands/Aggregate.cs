namespace Embedded.MongoDB.Commands;

/// <summary>aggregate: documents through a pipeline of stages.</summary>
internal static class Aggregate
{
    public static ValueTask RunAsync(CommandCall call) => throw new CommandException(ErrorCode.NotImplemented, "pipelines are not supported yet");
}
