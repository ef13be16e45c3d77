using Embedded.Tests.Support;

namespace Pipeline.Tests.Publishing;

/// <summary>What cannot be published is said once, and a script notices.</summary>
public sealed class PublishingOutcomeTests
{
    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_named_in_one_line_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("taken"), "");

        var run = await PublishedPipeline.RunAsync("--operation", "publish", "--step", "publish", "--output-path", folder.File("taken"));

        AssertRefused($"{folder.File("taken")} cannot be written to: ", run);
    }

    [Fact]
    public async Task A_manifest_without_a_place_is_refused_in_one_line_and_the_exit_code_is_1() =>
        AssertRefused("The '--output-path [path]' option was not specified", await PublishedPipeline.RunAsync("--publisher", "manifest"));

    [Theory]
    [InlineData("--Model", "--Model is a path on this machine")]
    [InlineData("--Shadow", "--Shadow is for this machine")]
    public async Task A_model_on_this_machine_is_refused_in_one_line_with_the_remedy(string option, string reason)
    {
        using var folder = new TemporaryFolder();

        var run = await PublishedPipeline.RunAsync("--publisher", "manifest", "--output-path", folder.File("manifest.json"), option, folder.Path);

        AssertRefused(reason, run, exitCode: 2);
        Assert.False(File.Exists(folder.File("manifest.json")));
    }

    [Fact]
    public async Task A_password_that_would_have_to_be_encoded_is_refused_by_Kubernetes_and_Compose_alike()
    {
        using var folder = new TemporaryFolder();

        var run = await PublishedPipeline.RunAsync(
            "--operation", "publish", "--step", "publish", "--output-path", folder.Path, "--Parameters:mongodb-password=p@ss");

        AssertRefused("The value of Parameters:mongodb-password ", run);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static void AssertRefused(string beginning, ClientResult run, int exitCode = 1)
    {
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith(beginning, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }
}
