using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>Values that come from outside, and those that are made and kept.</summary>
public sealed class ParameterTests
{
    [Fact]
    public void A_value_that_is_made_once_is_found_again_beside_what_others_keep()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("secrets/secrets.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "\uFEFF{ \"Other:Key\": \"kept\", /* by hand */ }");
        var password = new GenerateParameterDefault { Special = false };

        var first = new KeptParameterDefault(password, "Parameters:pw", UserSecrets.In(path)).GetDefaultValue();
        var second = new KeptParameterDefault(password, "Parameters:pw", UserSecrets.In(path)).GetDefaultValue();

        Assert.Equal(22, first.Length);
        Assert.Equal(first, second);
        Assert.Contains("\"Other:Key\": \"kept\"", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(folder.File("secrets")));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Secrets_that_cannot_be_read_are_left_alone_and_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("secrets.json"), "{ broken");

        var error = Assert.Throws<IOException>(() => UserSecrets.In(folder.File("secrets.json")).GetOrAdd("key", () => "value"));

        Assert.Contains(folder.File("secrets.json"), error.Message, StringComparison.Ordinal);
        Assert.Equal("{ broken", File.ReadAllText(folder.File("secrets.json")));
    }

    [Fact]
    public async Task A_secret_is_marked_and_reaches_whoever_refers_to_it()
    {
        var builder = Applications.New("--Parameters:api-key", "s3cret");
        var key = builder.AddParameter("api-key", secret: true).WithDescription("Opens the **door**.", enableMarkdown: true);
        var plain = builder.AddParameter("colour", "red");
        var service = builder.AddService("service").WithEnvironment("KEY", key).WithEnvironment("COLOUR", plain);
        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);
        builder.Resources.Remove(service.Resource);
        await using var app = await builder.BuildAsync();

        await app.StartAsync();
        var secret = await app.ResourceNotifications.WaitForResourceAsync("api-key", e => e.Snapshot.State?.Text == KnownResourceStates.Running, Applications.Deadline());
        var open = await app.ResourceNotifications.WaitForResourceAsync("colour", e => e.Snapshot.State?.Text == KnownResourceStates.Running, Applications.Deadline());

        Assert.Equal(("s3cret", "red"), (variables["KEY"], variables["COLOUR"]));
        Assert.Equal(new("Value", "s3cret") { IsSensitive = true }, Assert.Single(secret.Snapshot.Properties));
        Assert.Equal(new("Value", "red"), Assert.Single(open.Snapshot.Properties));
        Assert.Equal("Opens the **door**.", key.Resource.Description);
    }
}
