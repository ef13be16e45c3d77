using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Stored;
using Pipeline.DbConsumer;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();

builder.AddPipelineTopics("kafka");
var groups = builder.AddPipelineGroups();
builder.AddPipelineConsumer("kafka", groups.DbConsumer, client =>
{
    client.QueuedMinMessages = 200;                     // one queue for images and predictions: a long one of images would keep predictions waiting,
                                                        // and is fetched again after a pause
    client.MaxPartitionFetchBytes = 256 * 1024;         // nor may one partition fill it
    client.FetchQueueBackoffMs = 2;
});
builder.AddPipelineProducer("kafka");                   // for the dead letters
builder.AddPipelineDeadLetters("kafka", groups.DbConsumer);
builder.AddMongoDBClient(StoredImage.ConnectionName, settings => settings.DisableTracing = true);      // AddServiceDefaults listens to the driver

builder.Services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddOptions<KeepOptions>().BindConfiguration(KeepOptions.Section).ValidateDataAnnotations().ValidateOnStart();

builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<StoreOptions>>().Value);
builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<KeepOptions>>().Value);
builder.Services.AddSingleton(ImageStore.CollectionOf);
builder.Services.AddHealthChecks().Add(new("store", services => services.GetRequiredService<StoreRetry>(), HealthStatus.Unhealthy, tags: null));
builder.Services.AddSingleton<StoreRetry>().AddSingleton<ImageStore>().AddSingleton<IStartupStep, StorePreparation>();
builder.Services.AddSingleton<StoreMetrics>().AddSingleton<StoreSpans>();
builder.Services.AddHostedService<StoreWorker>();
if (builder.HasShadow())
{
    builder.AddQuietPipelineConsumer("kafka", groups.ShadowsDbConsumer());
    builder.Services.AddSingleton(services =>
        ActivatorUtilities.CreateInstance<ShadowStore>(services, ActivatorUtilities.CreateInstance<StoreRetry>(services)));
    builder.Services.AddHostedService<ShadowWorker>();
}

builder.Services.AddSingleton<Retention>().AddHostedService<RetentionWorker>();

var app = builder.Build();
app.MapDefaultEndpoints();
return await app.RunServiceAsync();
