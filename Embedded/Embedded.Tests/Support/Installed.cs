namespace Embedded.Tests.Support;

/// <summary>Skips a test whose client program is missing, with a line that says what to install.</summary>
internal static class Installed
{
    /// <summary>A program on the search path, e.g. <c>Installed.Program("kcat", "apt-get install kcat")</c>.</summary>
    public static string Program(string name, string remedy)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(folder => File.Exists(Path.Combine(folder, name))), $"{name} is missing: {remedy}");
        return name;
    }

    /// <summary>A package in Clients/node_modules. Returns the node program.</summary>
    public static string NodePackage(string package)
    {
        var node = Program("node", "install Node.js 20 or later");
        var found = Directory.Exists(Path.Combine(Repository.Clients, "node_modules", package));
        Assert.SkipUnless(found, $"{package} is missing: run `npm ci` in Embedded/Embedded.Tests/Clients");
        return node;
    }

    /// <summary>A module of the system's Python. Returns the interpreter.</summary>
    public static async Task<string> PythonModuleAsync(string module, string remedy)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), $"{Python} is missing: apt-get install python3");
        var import = await ClientProgram.RunAsync(Python, ["-c", $"import {module}"]);
        Assert.SkipUnless(import.ExitCode == 0, $"Python module {module} is missing: {remedy}");
        return Python;
    }
}
