using Pipeline.Contracts;
using Pipeline.Inference;
using Pipeline.Inference.Http;
using Pipeline.Inference.Http.OpenInference;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();

var isReplay = builder.Configuration.GetSection(ReplayOptions.Section).Get<ReplayOptions>()?.From is not null;
var isShadow = builder.IsShadow();
builder.AddPipelineTopics("kafka");
var groups = builder.AddPipelineGroups();
groups = isShadow ? builder.AddShadow(groups) : groups;
var group = isReplay ? groups.Inference + Topics.ReplaySuffix : groups.Inference;
builder.AddPipelineConsumer("kafka", group);
builder.AddRepeatingPipelineProducer("kafka");          // for the results; db-consumer tells them by their image
builder.AddPipelineProducer("kafka");                   // for the dead letters
builder.AddPipelineDeadLetters("kafka", group);

builder.Services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateDataAnnotations().ValidateOnStart();

builder.Services.AddOptions<ShadowOptions>().BindConfiguration(ShadowOptions.Section).ValidateDataAnnotations().ValidateOnStart();
if (isShadow && !isReplay)
{
    builder.Services.AddSingleton<IStartupStep, ShadowStart>();
}

builder.Services.AddSingleton<CurrentModel>().AddSingleton<IStartupStep, ModelWarmUp>();
builder.Services.AddSingleton<ResultPublisher>().AddSingleton<ImageSpans>().AddSingleton<InferenceMetrics>();
builder.Services.AddOptions<ReplayOptions>().BindConfiguration(ReplayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
if (isReplay)
{
    builder.Services.AddSingleton<Replay>().AddSingleton<IStartupStep>(services => services.GetRequiredService<Replay>());
    builder.Services.AddHostedService(services => services.GetRequiredService<Replay>());
}

builder.Services.AddHostedService<ImageWorker>().AddHostedService<ModelWatch>();

builder.Services.AddOptions<HttpOptions>().BindConfiguration(HttpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton<HttpRunners>().AddTransient<ServedModel>();
builder.Services.AddOpenApi();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapOpenInference();
InferEndpoint.Map(app);
return await app.RunServiceAsync();
