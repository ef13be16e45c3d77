using Confluent.Kafka;
using OpenTelemetry.Instrumentation.AspNetCore;
using Pipeline.Analytics;
using Pipeline.Analytics.Page;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Stored;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

var builder = WebApplication.CreateBuilder(args);

if (ReportCommandLine.IsAskedFor(args))
{
    return await ReportCommandLine.RunAsync(args, builder.Configuration.GetConnectionString(StoredImage.ConnectionName));
}

if (ReplayCommandLine.IsAskedFor(args))
{
    return await ReplayCommandLine.RunAsync(args, builder.Configuration.GetConnectionString(DeadLetterReplay.ConnectionName));
}

builder.AddServiceDefaults();
builder.Services.PostConfigure<AspNetCoreTraceInstrumentationOptions>(requests =>
{
    var filter = requests.Filter;                                  // the console asks every second; its question is no work worth a trace
    requests.Filter = request => request.Request.Path != AnalyticsApi.ProgressPath && filter?.Invoke(request) is not false;
});

builder.AddPipelineTopics(DeadLetterReplay.ConnectionName);
builder.AddPipelineGroups();                                       // of which it tells how far they are behind
builder.AddDeadLetters();
builder.AddMongoDBClient(
    StoredImage.ConnectionName,
    settings => settings.DisableTracing = true,                    // AddServiceDefaults listens to the driver
    client => client.ServerSelectionTimeout = TimeSpan.FromSeconds(5));      // people wait; the driver would for half a minute
builder.Services.AddSingleton(Stored.CollectionOf).AddSingleton<IStartupStep, StoreCheck>();

builder.Services.AddOptions<ProgressOptions>().BindConfiguration(ProgressOptions.Section);
builder.Services.AddOptions<KeepOptions>().BindConfiguration(KeepOptions.Section).ValidateDataAnnotations().ValidateOnStart();

builder.Services.AddSingleton<TopicOffsets>().AddSingleton<ConsumerLag>().AddSingleton<DeadLetterTail>().AddSingleton<BrokerView>();
builder.Services.AddSingleton<StoredImages>().AddSingleton<Wall>().AddSingleton<DiskView>().AddSingleton<SnapshotReader>();
builder.Services.AddSingleton(services => new Snapshots(
    services.GetRequiredService<SnapshotReader>().Parts, services.GetRequiredService<SnapshotReader>().Outdated,
    services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
builder.Services.AddSingleton<PageParts>().AddSingleton<EventStream>();
builder.Services.AddProblemDetails().AddExceptionHandler<SourceAwayHandler>();
builder.Services.AddOpenApi();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();                                          // no refusal without a word
app.UseNoSniff();
app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapAnalyticsApi();
app.MapPage();
return await app.RunServiceAsync();
