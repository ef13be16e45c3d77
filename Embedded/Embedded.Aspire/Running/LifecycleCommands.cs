using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Embedded.Aspire.Running;

/// <summary>Start, stop and restart: the commands that every process has.</summary>
internal static class LifecycleCommands
{
    private static readonly string[] Beginning = [KnownResourceStates.Starting];
    private static readonly string[] Ending = [KnownResourceStates.Stopping];
    private static readonly string[] Held = [KnownResourceStates.Waiting, KnownResourceStates.RuntimeUnhealthy];
    private static readonly string[] AtRest = [KnownResourceStates.NotStarted, .. KnownResourceStates.TerminalStates];

    private static readonly ResourceCommandAnnotation[] All =
    [
        new(KnownResourceCommands.StartCommand, "Start", s => State(s) switch
            {
                null => ResourceCommandState.Disabled,
                var state when Beginning.Contains(state) => ResourceCommandState.Disabled,
                var state when AtRest.Contains(state) || Held.Contains(state) => ResourceCommandState.Enabled,
                _ => ResourceCommandState.Hidden,
            },
            context => Task.FromResult(Replica(context).Start()),
            "Starts the resource", parameter: null, confirmationMessage: null, "Play", IconVariant.Filled, isHighlighted: true),

        new(KnownResourceCommands.StopCommand, "Stop", s => State(s) switch
            {
                null => ResourceCommandState.Hidden,
                var state when Ending.Contains(state) => ResourceCommandState.Disabled,
                var state when AtRest.Contains(state) || Held.Contains(state) || Beginning.Contains(state) => ResourceCommandState.Hidden,
                _ => ResourceCommandState.Enabled,
            },
            context => Replica(context).StopAsync(context.CancellationToken),
            "Stops the resource", parameter: null, confirmationMessage: null, "Stop", IconVariant.Filled, isHighlighted: true),

        new(KnownResourceCommands.RestartCommand, "Restart", s => State(s) is { } state &&
                !Beginning.Contains(state) && !Ending.Contains(state) && !Held.Contains(state) && !AtRest.Contains(state)
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled,
            context => Replica(context).RestartAsync(context.CancellationToken),
            "Stops the resource and starts it again", parameter: null, confirmationMessage: null, "ArrowCounterclockwise", IconVariant.Regular,
            isHighlighted: false),
    ];

    /// <summary>Gives a resource the commands that it has not got from its AppHost.</summary>
    public static void AddTo(IResource resource)
    {
        var names = resource.Annotations.OfType<ResourceCommandAnnotation>().Select(c => c.Name).ToHashSet();
        foreach (var command in All.Where(c => !names.Contains(c.Name))) resource.Annotations.Add(command);
    }

    private static string? State(UpdateCommandStateContext context) => context.ResourceSnapshot.State?.Text;

    private static ReplicaRunner Replica(ExecuteCommandContext context) =>
        context.ServiceProvider.GetRequiredService<ApplicationRunner>().Replica(context.ResourceName);
}
