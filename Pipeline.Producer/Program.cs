using Pipeline.Producer;
using Pipeline.Producer.Devices;
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

if (bool.TryParse(builder.Configuration[$"{ProducerOptions.Section}:{nameof(ProducerOptions.Echo)}"], out var echo) && echo)
{
    builder.AddEchoReader("kafka");                      // before the cameras: it begins where they do
}

builder.Services.AddSingleton<ImageSender>();
builder.Services.AddHostedService<CameraFleet>();

var app = builder.Build();
app.MapDefaultEndpoints();
ImagesEndpoint.Map(app);
return await app.RunServiceAsync();
