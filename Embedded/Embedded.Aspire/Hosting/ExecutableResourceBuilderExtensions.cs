using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program; the working directory is relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        AddExecutable(builder, name, command, workingDirectory, (object[]?)args);

    /// <summary>Adds a program whose arguments may become known later.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params object[]? args)
    {
        var directory = Path.GetFullPath(workingDirectory.Replace('\\', Path.DirectorySeparatorChar), builder.AppHostDirectory);
        var executable = builder.AddResource(new ExecutableResource(name, command, directory));
        return args is { Length: > 0 } ? executable.WithArgs(args) : executable;
    }

    /// <summary>Where it is published, a container takes its place, built of the Dockerfile in its working directory.</summary>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder) where T : ExecutableResource =>
        builder.PublishAsDockerFile(configure: null);

    /// <summary>Where it is published, a container takes its place, built of the Dockerfile in its working directory. The program's
    /// arguments stay behind: the Dockerfile says what runs.</summary>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder, Action<IResourceBuilder<ContainerResource>>? configure)
        where T : ExecutableResource
    {
        var application = builder.ApplicationBuilder;
        if (!application.ExecutionContext.IsPublishMode) return builder;

        var program = builder.Resource;
        var index = application.Resources.IndexOf(program);
        application.Resources.RemoveAt(index);
        var stead = new ExecutableContainerResource(program);
        application.Resources.Insert(index, stead);
        var container = application.CreateResourceBuilder<ContainerResource>(stead).WithDockerfile(program.WorkingDirectory).WithArgs(context => context.Args.Clear());
        configure?.Invoke(container);
        return builder;
    }

    // What is said about the program later holds for the container.
    private sealed class ExecutableContainerResource(ExecutableResource program) : ContainerResource(program.Name)
    {
        public override ResourceAnnotationCollection Annotations => program.Annotations;
    }

    /// <summary>Runs another program in its place.</summary>
    public static IResourceBuilder<T> WithCommand<T>(this IResourceBuilder<T> builder, string command) where T : ExecutableResource
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        builder.Resource.Command = command;
        return builder;
    }

    /// <summary>Runs it in another folder, relative to the AppHost's.</summary>
    public static IResourceBuilder<T> WithWorkingDirectory<T>(
        this IResourceBuilder<T> builder, string workingDirectory) where T : ExecutableResource
    {
        builder.Resource.WorkingDirectory = Path.GetFullPath(workingDirectory, builder.ApplicationBuilder.AppHostDirectory);
        return builder;
    }
}
