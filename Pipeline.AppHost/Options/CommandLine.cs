using System.Globalization;
using System.Reflection;

/// <summary>
/// What is typed after <c>dotnet run --</c>. .NET's configuration takes any switch in silence; a typing error must not start a run.
/// </summary>
internal static class CommandLine
{
    /// <summary>Switches of Aspire and of .NET's host, for publishing and tools.</summary>
    private static readonly string[] HostSwitches =
    [
        "publisher", "operation", "step", "output-path", "log-level", "include-exception-details", "clear-cache", "deploy", "list-steps",
        "environment", "contentRoot", "applicationName",
    ];

    /// <summary>What two of them take. Aspire takes any other publisher for all of its steps, the building of containers among them.</summary>
    private static readonly Dictionary<string, string[]> HostChoices = new(StringComparer.OrdinalIgnoreCase)
    {
        ["publisher"] = ["manifest"],
        ["operation"] = ["publish", "run", "inspect"],
    };

    /// <summary>Sections whose keys belong to Aspire and .NET, such as <c>--Parameters:mongodb-password=…</c>.</summary>
    private static readonly string[] HostSections = ["Parameters:", "Logging:", "AppHost:"];

    /// <summary>Refuses what is no option, and an option without a value.</summary>
    /// <exception cref="BadOptionException">With the switch's name and the remedy.</exception>
    public static void Check(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new BadOptionException($"'{args[i]}' is not an option; options begin with --. --help lists them.");
            }

            var (name, value) = args[i][2..].Split('=', 2) is [var before, var after] ? (before, after) : (args[i][2..], null);
            var isOurs = PipelineOption.All.Any(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (!isOurs && !IsOfHost(name))
            {
                throw new BadOptionException(
                    $"--{name} is not an option. Options are --{string.Join(", --", PipelineOption.All.Select(option => option.Name))}.");
            }

            if (value is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                value = args[++i];
            }

            if (string.IsNullOrEmpty(value) && isOurs)
            {
                throw new BadOptionException($"--{name} needs a value: {Describe(name)}.");
            }

            if (HostChoices.TryGetValue(name, out var choices) && !choices.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                throw new BadOptionException($"--{name} is '{value}'; it must be {string.Join(", ", choices)}.");
            }
        }
    }

    /// <summary>
    /// Gives the values of a list, which come under one name, a number each, as configuration has them: it would keep the last alone.
    /// </summary>
    public static string[] Numbered(IReadOnlyList<string> args)
    {
        var counts = PipelineOption.All.Where(option => option.IsList)
            .ToDictionary(option => $"--{option.Name}", _ => 0, StringComparer.OrdinalIgnoreCase);
        return [.. args.Select(arg =>
        {
            var name = arg.Split('=', 2)[0];
            return counts.ContainsKey(name) ? string.Create(CultureInfo.InvariantCulture, $"{name}:{counts[name]++}{arg[name.Length..]}") : arg;
        })];
    }

    /// <summary>The answer to <c>--help</c> and <c>--version</c>; null where neither was asked for.</summary>
    public static string? Answer(IReadOnlyList<string> args) =>
        args.Any(arg => arg is "--help" or "-h" or "-?") ? Help()
        : args.Contains("--version") ? $"Pipeline {Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}"
        : null;

    private static string Help()
    {
        var width = PipelineOption.All.Max(option => option.Name.Length) + 2;
        var lines = PipelineOption.All.Select(option =>
            $"  --{option.Name.PadRight(width)} {option.Meaning}{Environment.NewLine}    {"".PadRight(width)} {option.Takes}; default: {option.Default}");
        return $"""
            dotnet run --project Pipeline.AppHost -- [options]

            Starts the whole pipeline on this machine. Ctrl-C stops it.

            {string.Join(Environment.NewLine, lines)}

            Each is also an environment variable (Kafka__Port) or a line in appsettings.json. --Parameters:mongodb-password=TEXT sets the store's
            password. To publish: --publisher manifest --output-path FILE, or --operation publish --step publish --output-path FOLDER.
            """;
    }

    private static string Describe(string name) =>
        PipelineOption.All.First(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Takes;

    private static bool IsOfHost(string name) =>
        HostSwitches.Contains(name, StringComparer.OrdinalIgnoreCase)
        || HostSections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase));
}
