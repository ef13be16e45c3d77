using Aspire.Hosting.ApplicationModel;

internal static class StartDirectlyExtensions
{
    /// <summary>Starts the program of each project itself: <c>dotnet run --no-build</c> in between costs two seconds of processor time a project.</summary>
    public static void StartProjectsDirectly(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        builder.Eventing.Subscribe<BeforeStartEvent>((e, _) =>
        {
            foreach (var project in e.Model.GetProjectResources())
            {
                var metadata = project.GetProjectMetadata();
                project.Annotations.Add(new ExecutableAnnotation
                {
                    Command = ProgramPath.Of(metadata),
                    WorkingDirectory = Path.GetDirectoryName(metadata.ProjectPath)!,
                });
            }

            return Task.CompletedTask;
        });
    }
}
