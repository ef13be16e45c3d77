namespace Embedded.Aspire.Running;

/// <summary>Makes the exit code tell that the run has failed.</summary>
internal static class FailedRun
{
    private const int ExitCode = 1;

    /// <summary>Aspire's <c>Run</c> would throw; ours has said what is wrong, so an AppHost that goes on to return 0 must not win.</summary>
    public static void Exit()
    {
        Environment.ExitCode = ExitCode;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Environment.ExitCode = ExitCode;
    }
}
