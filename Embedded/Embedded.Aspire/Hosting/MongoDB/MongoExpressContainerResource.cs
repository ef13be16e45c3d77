using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.MongoDB;

/// <summary>A page to look into MongoDB with; runs in the Aspire stack only.</summary>
public sealed class MongoExpressContainerResource(string name) : ContainerResource(name);
