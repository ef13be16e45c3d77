using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

internal static class ProjectProgramsExtensions
{
    /// <summary>
    /// Starts the program of each project itself, and again after a crash; stops them before the servers. <c>dotnet run --no-build</c> in between
    /// would cost two seconds of processor time a project, and hide its exit code.
    /// </summary>
    public static void RunProjectsAsPrograms(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
        {
            return;
        }

        foreach (var project in builder.Resources.OfType<ProjectResource>().Select(builder.CreateResourceBuilder))
        {
            project.WithRestartAfterCrash();
        }

        builder.Services.AddHostedService<ServicesStopFirst>();
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
