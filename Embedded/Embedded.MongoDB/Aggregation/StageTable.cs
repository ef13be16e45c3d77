using System.Collections.Frozen;
using Embedded.MongoDB.Aggregation.Stages;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query.Predicates;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Aggregation;

/// <summary>Makes the stages that a specification stands for: mostly one, for a shorthand two.</summary>
internal delegate IReadOnlyList<Stage> StageParser(RawValue spec, Variables variables);

/// <summary>What this server runs. A stage that is in no table is refused when a pipeline is parsed.</summary>
internal static class StageTable
{
    /// <summary>Stages that make documents rather than change them; the server's commands know how.</summary>
    public static readonly FrozenSet<string> Sources = ["$collStats", "$indexStats", "$currentOp", "$listLocalSessions", "$documents"];

    public static readonly FrozenDictionary<string, StageParser> All = new Dictionary<string, StageParser>
    {
        ["$match"] = (spec, variables) => [Match.Parse(spec, variables)],
        ["$project"] = (spec, variables) => [Reshape.ParseProject(spec, variables)],
        ["$addFields"] = (spec, variables) => [Reshape.ParseAddFields("$addFields", spec, variables)],
        ["$set"] = (spec, variables) => [Reshape.ParseAddFields("$set", spec, variables)],
        ["$unset"] = (spec, variables) => [Reshape.ParseUnset(spec, variables)],
        ["$replaceRoot"] = (spec, variables) => [ReplaceRoot.Parse(spec, variables)],
        ["$replaceWith"] = (spec, variables) => [ReplaceRoot.ParseWith(spec, variables)],
        ["$group"] = (spec, variables) => [Group.Parse(spec, variables)],
        ["$sort"] = (spec, _) => [SortStage.Parse(spec)],
        ["$limit"] = (spec, _) => [Limit.Parse(spec)],
        ["$skip"] = (spec, _) => [Skip.Parse(spec)],
        ["$count"] = (spec, _) => [CountStage.Parse(spec)],
        ["$unwind"] = (spec, _) => [Unwind.Parse(spec)],
        ["$sortByCount"] = SortByCount.Parse,
        ["$bucket"] = Bucket.Parse,
        ["$sample"] = (spec, _) => [Sample.Parse(spec)],
        ["$facet"] = (spec, variables) => [Facet.Parse(spec, variables)],
        ["$lookup"] = (spec, variables) => [Lookup.Parse(spec, variables)],
        ["$unionWith"] = (spec, variables) => [UnionWith.Parse(spec, variables)],
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, StageParser> ForUpdates = All
        .Where(row => row.Key is "$set" or "$addFields" or "$unset" or "$project" or "$replaceRoot" or "$replaceWith").ToFrozenDictionary();

    private static readonly FrozenSet<string> Known =
    [
        "$merge", "$bucketAuto", "$setWindowFields", "$densify", "$fill", "$redact", "$graphLookup", "$planCacheStats", "$listSessions",
        "$geoNear", "$search", "$searchMeta", "$vectorSearch", "$querySettings",
    ];

    public static CommandException Refuse(string name, bool inUpdate)
    {
        if (name == "$changeStream")
        {
            return new CommandException(40573, "The $changeStream stage is only supported on replica sets");
        }
        if (inUpdate && All.ContainsKey(name))
        {
            return new(ErrorCode.InvalidOptions, $"{name} is not allowed to be used within an update");
        }
        return Known.Contains(name)
            ? new(ErrorCode.NotImplemented, $"{name} is not supported by this server")
            : new CommandException(40324, $"Unrecognized pipeline stage name: '{name}'");
    }
}
