using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Pipeline.Contracts.Options;

/// <summary>How options come in, and how they reach the services.</summary>
internal static class PipelineOptionsExtensions
{
    private const int BadUsage = 2;

    /// <summary>A generated password is kept in user secrets, which .NET reads in this environment only; data on disk outlives a run.</summary>
    private static readonly string[] Development = ["--environment", "Development"];

    /// <summary>Creates the application with its options bound and validated; answers <c>--help</c> and <c>--version</c>.</summary>
    /// <param name="exitCode">Where there is no application: 0 after an answer, 2 after a bad option, which has been named on stderr.</param>
    public static bool TryCreateBuilder(
        string[] args, [NotNullWhen(true)] out IDistributedApplicationBuilder? builder, [NotNullWhen(true)] out PipelineOptions? options,
        out int exitCode)
    {
        (builder, options, exitCode) = (null, null, 0);
        if (CommandLine.Answer(args) is { } answer)
        {
            Console.WriteLine(answer);
            return false;
        }

        try
        {
            CommandLine.Check(args);
            builder = DistributedApplication.CreateBuilder([.. Development, .. CommandLine.Numbered(args)]);
            options = PipelineOption.Read(builder.Configuration);
            if (builder.ExecutionContext.IsPublishMode)
            {
                RefuseToPublish(options);
            }

            return true;
        }
        catch (BadOptionException bad)
        {
            Console.Error.WriteLine(bad.Message);
            exitCode = BadUsage;
            return false;
        }
    }

    private static void RefuseToPublish(PipelineOptions options)
    {
        if (!ModelChoiceAttribute.IsShipped(options.Model))
        {
            throw new BadOptionException("--Model is a path on this machine, and what is published runs on others; publish without it, and mount the model there: deploy/README.md.");
        }

        if (options.Shadow is not null)
        {
            throw new BadOptionException("--Shadow is for this machine; publish without it, and run inference there a second time, as a shadow: deploy/README.md.");
        }
    }

    /// <summary>What topics and consumer groups are called, which all services must agree on.</summary>
    public static IResourceBuilder<ProjectResource> WithTopics(this IResourceBuilder<ProjectResource> service, PipelineOptions options) =>
        service.WithOptions(TopicOptions.Section, options.Topics).WithOptions(GroupOptions.Section, options.Groups);

    /// <summary>Tells the producer of a model of one's own, whose labels folders of pictures may be named after.</summary>
    public static IResourceBuilder<ProjectResource> WithLabelsOf(this IResourceBuilder<ProjectResource> producer, string model) =>
        ModelChoiceAttribute.IsShipped(model) ? producer : producer.WithEnvironment($"{CameraOptions.Section}__Model", model);

    /// <summary>Gives a service the settings of one record, each under the name of its property.</summary>
    /// <typeparam name="T">The record that the service binds.</typeparam>
    public static IResourceBuilder<ProjectResource> WithOptions<T>(this IResourceBuilder<ProjectResource> service, string section, T options)
        where T : class
    {
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(options) is IReadOnlyList<string> values)
            {
                for (var i = 0; i < values.Count; i++)
                {
                    service.WithEnvironment(string.Create(CultureInfo.InvariantCulture, $"{section}__{property.Name}__{i}"), values[i]);
                }
            }
            else if (property.GetValue(options) is { } value)
            {
                service.WithEnvironment($"{section}__{property.Name}", Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }

        return service;
    }
}
