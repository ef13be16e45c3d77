using Confluent.Kafka;
using Pipeline.Analytics;
using Pipeline.Analytics.Page;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);

if (args is [ReportCommand.Name, .. var options])
{
    if (ReportCommand.Parse(options, builder.Configuration.GetConnectionString(Stored.ConnectionName), out var problem) is { } report)
    {
        return await report.RunAsync(Console.Out, Console.Error, CancellationToken.None);
    }
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

builder.AddServiceDefaults();

builder.AddPipelineTopics("kafka");
builder.AddKafkaConsumer<Ignore, Ignore>("kafka", settings => settings.Config.GroupId = "analytics");   // asks for offsets, joins no group
builder.AddMongoDBClient(Stored.ConnectionName);
builder.Services.AddSingleton(Stored.CollectionOf).AddSingleton<IStartupStep, StoreCheck>();

builder.Services.AddOptions<ProgressOptions>().BindConfiguration(ProgressOptions.Section);

builder.Services.AddSingleton<TopicCounts>().AddSingleton<StoredImages>().AddSingleton<Live>();
builder.Services.AddProblemDetails().AddExceptionHandler<SourceAwayHandler>();

var app = builder.Build();
app.UseExceptionHandler();
app.UseNoSniff();
app.MapDefaultEndpoints();
app.MapAnalyticsApi();
app.MapPage();
return await app.RunServiceAsync();
