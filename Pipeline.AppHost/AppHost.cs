using Pipeline.Contracts.Options;

if (!PipelineOptionsExtensions.TryCreateBuilder(args, out var builder, out var options, out var exitCode))
{
    return exitCode;                                    // --help, or a bad option that has been named
}

// What the pipeline stands on: programs of this repository on one machine, containers where it is deployed.
using var data = builder.OpenDataFolder(options);
var broker = builder.AddKafka("broker", options.Kafka.Port).WithDataVolume("pipeline-kafka-data")
    .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")         // the services make their topics, with all their partitions
    .RunEmbedded(new Projects.Embedded_Kafka(), data);
var images = builder.AddMongoDB("mongodb", options.MongoDB.Port).WithDataVolume("pipeline-mongo-data")
    .RunEmbedded(new Projects.Embedded_MongoDB(), data)
    .AddDatabase("image-database", "image_database");

// The way of a picture: captured, classified, stored. Services know the broker as "kafka".
var inference = builder.AddProject<Projects.Pipeline_Inference>("inference").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WithReplicas(options.InferenceReplicas)
    .WithEnvironment("Model__Name", options.Model)
    .WithTopics(options)
    .WithOptions(TelemetryOptions.Section, options.Telemetry)
    .WithHttpEndpoint().WithProbes();                   // healthy once the model has warmed up

builder.AddShadow(broker, options);                     // a second model beside it, where one is given

var dbConsumer = builder.AddProject<Projects.Pipeline_DbConsumer>("db-consumer").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WithReference(images).WaitFor(images)
    .WithOptions(KeepOptions.Section, options.Keep)
    .WithTopics(options)
    .WithOptions(TelemetryOptions.Section, options.Telemetry)
    .WithHttpEndpoint().WithProbes();

builder.AddProject<Projects.Pipeline_Producer>("producer").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WaitFor(inference).WaitFor(dbConsumer)             // the first picture finds everybody ready
    .WithOptions<CameraOptions>(CameraOptions.Section, options).WithLabelsOf(options.Model)
    .WithTopics(options)
    .WithOptions(TelemetryOptions.Section, options.Telemetry)
    .WithDeviceEndpoint(options.Producer.Port).WithProbes();

// How often was the model wrong?
builder.AddProject<Projects.Pipeline_Analytics>("analytics").WithConnectionStringsOnly()
    .WithReference(broker, "kafka").WaitFor(broker)
    .WithReference(images).WaitFor(images)
    .WithOptions(KeepOptions.Section, options.Keep)
    .WithTopics(options)
    .WithOptions(TelemetryOptions.Section, options.Telemetry)
    .WithHttpEndpoint(options.Analytics.Port).WithProbes()
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Pipeline page")
    .WithProgressLine(options);

builder.RunProjectsAsPrograms();
builder.UsePlainConsole(options);
builder.AddPublishing();
return builder.Build().RunUntilStopped();
