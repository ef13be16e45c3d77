using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.MongoDB;

/// <summary>A page that shows the collections of a server.</summary>
/// <param name="name">The resource's name.</param>
public sealed class MongoExpressContainerResource(string name) : ContainerResource(name);
