namespace Aspire.Hosting;

/// <summary>What can be said about resources of every kind; one file for each subject.</summary>
public static partial class ResourceBuilderExtensions;
