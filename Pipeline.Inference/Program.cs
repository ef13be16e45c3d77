using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();

builder.AddPipelineTopics("kafka");
builder.AddKafkaConsumer<byte[], byte[]>("kafka", settings => settings.ReadAs(Topics.InferenceGroup));
builder.AddKafkaProducer<byte[], byte[]>("kafka", settings => settings.WriteReliably());

builder.Services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateDataAnnotations().ValidateOnStart();

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<ImageClassifier>().AddHostedService<ModelWarmUp>();
builder.Services.AddSingleton<BatchConsumer>().AddSingleton<DeadLetters>().AddSingleton<ResultPublisher>();
builder.Services.AddSingleton<InferEndpoint>();
builder.Services.AddHostedService<ImageWorker>();

var app = builder.Build();
app.MapDefaultEndpoints();
InferEndpoint.Map(app);
return await app.RunServiceAsync();
