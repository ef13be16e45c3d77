// A service that tests start, ask who it is, make unhealthy and crash.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
var isHealthy = app.Configuration["START_UNHEALTHY"] is null;

app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/args", () => args);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
app.MapGet("/health", () => Results.StatusCode(isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
app.MapPost("/healthy", () => { isHealthy = true; });
app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));

await app.StartAsync();
Console.WriteLine($"pid {Environment.ProcessId}");
await app.WaitForShutdownAsync();
