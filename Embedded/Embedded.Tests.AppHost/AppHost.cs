var builder = DistributedApplication.CreateBuilder(args);

var service = builder.AddProject<Projects.Embedded_Tests_Service>("service")
    .WithHttpHealthCheck("/health").WithReplicas(2);

// A shell that has a child of its own: killing the host must take the grandchild too.
builder.AddExecutable("family", "sh", ".", "-c", "sleep 1000 & sleep 1001")
    .WithEnvironment("GREETING", builder.Configuration["Greeting"])
    .WaitFor(service);

builder.Build().Run();
return 0;
