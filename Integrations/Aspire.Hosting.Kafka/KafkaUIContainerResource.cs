using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A page that shows brokers, topics and groups.</summary>
/// <param name="name">The resource's name.</param>
public sealed class KafkaUIContainerResource(string name) : ContainerResource(name);
