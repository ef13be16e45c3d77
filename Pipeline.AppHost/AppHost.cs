using static System.FormattableString;

var builder = DistributedApplication.CreateBuilder(args);
if (!PipelineOptions.TryRead(builder.Configuration, args, Path.Combine(builder.AppHostDirectory, ".."), out var options, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

// What the pipeline stands on: data in a folder of this machine, or in a volume where it is deployed.
using var data = options.Data;
var broker = builder.AddKafka("broker", options.KafkaPort).WithDataVolume("pipeline-kafka-data")
    .RunEmbedded(new Projects.Embedded_Kafka(), data);
var images = builder.AddMongoDB("mongodb", options.MongoDBPort).WithDataVolume("pipeline-mongo-data")
    .RunEmbedded(new Projects.Embedded_MongoDB(), data)
    .AddDatabase("image-database", "image_database");

// The way of a picture: captured, classified, stored. Services know the broker as "kafka".
var inference = builder.AddProject<Projects.Pipeline_Inference>("inference").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WithReplicas(options.InferenceReplicas)
    .WithHttpEndpoint().WithProbes();                    // healthy once the model has warmed up

var dbConsumer = builder.AddProject<Projects.Pipeline_DbConsumer>("db-consumer").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WithReference(images).WaitFor(images)
    .WithHttpEndpoint().WithProbes();

builder.AddProject<Projects.Pipeline_Producer>("producer").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WaitFor(inference).WaitFor(dbConsumer)             // the first picture finds everybody ready
    .WithEnvironment("Cameras__Count", Invariant($"{options.Producers}"))
    .WithEnvironment("Cameras__Images", Invariant($"{options.Images}"))
    .WithEnvironment("Cameras__Rate", Invariant($"{options.Rate}"))
    .WithEnvironment("Cameras__Arrival", options.Arrival)
    .WithEnvironment("Cameras__Noise", Invariant($"{options.Noise}"))
    .WithEnvironment("Cameras__Echo", Invariant($"{options.Echo}"))
    .WithEnvironment("Telemetry__Sampling", options.TelemetrySampling ?? "")
    .WithHttpEndpoint().WithProbes();

// How often was the model wrong?
builder.AddProject<Projects.Pipeline_Analytics>("analytics").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WithReference(images).WaitFor(images)
    .WithHttpEndpoint().WithProbes()
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Pipeline")    // the page to keep open
    .WithProgressLine(options);

builder.UsePlainHttp(options.DashboardPort);
builder.StartProjectsDirectly();
builder.AddPublishing();
builder.Build().Run();
return 0;
