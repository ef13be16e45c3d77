using Embedded.Tests.Support;

namespace Pipeline.Tests.Deploy;

/// <summary>Ansible reads the playbooks, and its linter has nothing against them.</summary>
public sealed class PlaybookTests
{
    private static readonly TimeSpan LintLimit = TimeSpan.FromMinutes(2);
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "ansible");

    [Fact]
    public async Task The_playbooks_are_well_formed()
    {
        var ansible = Installed.Program("ansible-playbook", "apt-get install ansible");

        (await ClientProgram.RunAsync(ansible, ["--syntax-check", "--inventory", "inventory.example.yml", "site.yml", "remove.yml"], folder: Folder))
            .Succeeded();
    }

    [Fact]
    public async Task The_linter_passes_them_for_production()
    {
        var lint = Installed.Program("ansible-lint", "apt-get install ansible-lint");

        (await ClientProgram.RunAsync(lint, ["--offline", "--profile", "production"], limit: LintLimit, folder: Folder)).Succeeded();
    }
}
