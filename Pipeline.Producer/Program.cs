using Microsoft.Extensions.Options;
using Pipeline.Producer;
using Pipeline.Producer.Devices;
using Pipeline.Producer.Sources;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

if (Commands.Has(args))
{
    return await Commands.RunAsync(args);
}

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();

builder.AddPipelineTopics("kafka");
builder.AddPipelineProducer("kafka");
builder.AddDeviceImages();

builder.Services.AddOptions<ProducerOptions>().BindConfiguration(ProducerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<ProducerOptions>, SourceValidation>();

if (bool.TryParse(builder.Configuration[$"{ProducerOptions.Section}:{nameof(ProducerOptions.Echo)}"], out var echo) && echo)
{
    builder.AddEchoReader("kafka");                      // before the cameras: it begins where they do
}

builder.Services.AddSingleton<SourceStates>().AddHealthChecks().AddCheck<SourceStates>("cameras");
builder.Services.AddSingleton<ImageSender>().AddSingleton<CameraSet>();
builder.Services.AddHostedService<CameraFleet>();
builder.Services.AddOpenApi();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOpenApi();
ImagesEndpoint.Map(app);
return await app.RunServiceAsync();
