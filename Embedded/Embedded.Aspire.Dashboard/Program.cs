using System.Diagnostics;
using Embedded.Aspire.Dashboard;
using Embedded.Aspire.Dashboard.Consoles;
using Embedded.Aspire.Dashboard.Live;
using Embedded.Aspire.Dashboard.Layout;
using Embedded.Aspire.Dashboard.Otlp;
using Embedded.Aspire.Dashboard.Resources;
using Embedded.Aspire.Dashboard.Security;
using Embedded.Aspire.Dashboard.Telemetry;

// Who watches steps aside for those who are watched: they share the machine's cores.
using (var self = Process.GetCurrentProcess()) self.PriorityClass = ProcessPriorityClass.BelowNormal;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddFilter(null, LogLevel.Warning)
    .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)        // its key is as safe as the home folder
    .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);       // it warns that Listeners decides where to listen
builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
builder.Services.AddSingleton(DashboardOptions.Read(builder.Configuration));
builder.WebHost.ConfigureKestrel(Listeners.Configure);

// What the pages show.
builder.Services.AddResources();
builder.AddTelemetry();
builder.Services.AddOtlp();

// The pages.
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddRazorComponents();
builder.Services.AddLogin();

var app = builder.Build();
app.UseOtherSitesRefused();
app.UseLogin();
app.MapPageFiles();
app.MapOtlp();
app.MapTelemetryApi();
app.MapLive();
app.MapCommands();
app.MapConsole();
app.MapPages();
await app.StartAsync();
Console.WriteLine($"listening {app.Services.GetRequiredService<DashboardOptions>().FrontendUrls[0].Authority}");
await app.WaitForShutdownAsync();
