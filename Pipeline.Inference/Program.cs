using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();

builder.AddPipelineTopics("kafka");
builder.AddPipelineConsumer("kafka", Topics.InferenceGroup);
builder.AddPipelineProducer("kafka");
builder.AddPipelineDeadLetters("kafka", Topics.InferenceGroup);

builder.Services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateDataAnnotations().ValidateOnStart();

builder.Services.AddSingleton<ImageClassifier>().AddSingleton<IStartupStep, ModelWarmUp>();
builder.Services.AddSingleton<ResultPublisher>().AddSingleton<ImageSpans>().AddSingleton<InferenceMetrics>();
builder.Services.AddSingleton<InferEndpoint>();
builder.Services.AddHostedService<ImageWorker>();

var app = builder.Build();
app.MapDefaultEndpoints();
InferEndpoint.Map(app);
return await app.RunServiceAsync();
