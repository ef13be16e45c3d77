using System.Reflection;
using System.Text;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>
/// The public surface against a reviewed list. What is public must be in MongoDB.Driver or MongoDB.Bson too, so a line more in the
/// list is a promise that the official assembly has it. UPDATE_GOLDEN=1 writes the list; the diff is the review.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "Embedded", "Embedded.Tests", "Golden", "MongoDB.Driver.PublicApi.txt");

    [Fact]
    public void The_public_surface_is_the_reviewed_one()
    {
        var actual = Describe([typeof(BsonDocument).Assembly, typeof(MongoClient).Assembly]);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Golden)!);
            File.WriteAllText(Golden, actual);
        }

        Assert.Equal(File.ReadAllText(Golden), actual);
    }

    private static string Describe(IEnumerable<Assembly> assemblies)
    {
        var text = new StringBuilder();
        var types = assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.Namespace!.StartsWith("MongoDB.", StringComparison.Ordinal))
            .OrderBy(type => type.ToString(), StringComparer.Ordinal);
        foreach (var type in types)
        {
            text.Append(type).Append(type.BaseType is { } parent && parent != typeof(object) ? $" : {parent}" : "").Append('\n');
            var members = type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(member => member is not MethodInfo { IsSpecialName: true } || member.Name.StartsWith("op_", StringComparison.Ordinal))
                .Where(member => member is not (Type or FieldInfo { IsSpecialName: true }))
                .Where(member => member.Name is not ("Equals" or "GetHashCode" or "ToString" or "CompareTo"))
                .Select(member => $"  {Describe(member)}")
                .Order(StringComparer.Ordinal);
            foreach (var member in members)
                text.Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static string Describe(MemberInfo member) => member switch
    {
        PropertyInfo property => $"{property} {{{(property.GetMethod?.IsPublic == true ? " get;" : "")}{(property.SetMethod?.IsPublic == true ? " set;" : "")} }}",
        _ => member.ToString()!,
    };
}
