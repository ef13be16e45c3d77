using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Projects;

namespace Projects
{
    // Stand-ins for the classes that the build generates from an AppHost's references.
    internal sealed class Pipeline_Producer : StandIn;
    internal sealed class Pipeline_Inference : StandIn;
    internal sealed class Pipeline_DbConsumer : StandIn;
    internal sealed class Pipeline_Analytics : StandIn;

    internal abstract class StandIn : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "nowhere", "Nothing.csproj");
    }
}

namespace Embedded.Tests.AspireHost
{
    public sealed class ReferenceAppHostTests
    {
        [Fact]
        public void The_reference_AppHost_compiles_and_describes_its_resources()
        {
            var builder = Applications.New();

            var operatorKey = builder.AddParameter("operator-key", secret: true);
            var kafka = builder.AddKafka("kafka").WithDataVolume("pipeline-kafka-data").WithKafkaUI();
            var mongo = builder.AddMongoDB("mongodb").WithDataVolume("pipeline-mongo-data").WithMongoExpress();
            var db = mongo.AddDatabase("pipelinedb", "pipeline");
            var producer = builder.AddProject<Projects.Pipeline_Producer>("producer").WithReference(kafka).WaitFor(kafka);
            var inference = builder.AddProject<Projects.Pipeline_Inference>("inference")
                .WithReference(kafka).WaitFor(kafka).WithHttpHealthCheck("/health").WithReplicas(2);
            builder.AddProject<Projects.Pipeline_DbConsumer>("db-consumer")
                .WithReference(kafka).WithReference(db).WaitFor(kafka).WaitFor(db);
            builder.AddProject<Projects.Pipeline_Analytics>("analytics")
                .WithReference(db).WithReference(inference).WaitFor(db)
                .WithEnvironment("Analytics__OperatorKey", operatorKey).WithExternalHttpEndpoints();

            Assert.Equal(
                ["operator-key", "kafka", "mongodb", "pipelinedb", "producer", "inference", "db-consumer", "analytics"],
                builder.Resources.Select(r => r.Name));
            Assert.Equal(2, inference.Resource.GetReplicaCount());
            Assert.Equal("inference_http_/health_200_check", inference.Resource.Annotations.OfType<HealthCheckAnnotation>().Single().Key);
            Assert.Same(builder.Resources.Single(r => r.Name == "producer"), producer.Resource);
        }
    }
}
