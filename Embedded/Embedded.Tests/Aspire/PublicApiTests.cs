using System.Reflection;
using Aspire.Hosting;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>
/// The public surface, line by line. It is Aspire's (13.1), so an AppHost that compiles here compiles there; a line that is
/// new in a diff has to be found in Aspire's own listing first. UPDATE_GOLDEN=1 rewrites the list.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "Embedded", "Embedded.Tests", "Golden", "Aspire.Hosting.PublicApi.txt");

    [Fact]
    public void The_public_surface_is_the_one_that_was_reviewed()
    {
        var actual = typeof(DistributedApplication).Assembly.GetExportedTypes()
            .OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(Describe).ToList();

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllLines(Golden, actual);

        Assert.Equal(File.ReadAllLines(Golden), actual);
    }

    [Fact]
    public void Everything_public_is_in_Aspires_namespaces() =>
        Assert.All(typeof(DistributedApplication).Assembly.GetExportedTypes(), t => Assert.StartsWith("Aspire.Hosting", t.Namespace, StringComparison.Ordinal));

    internal static IEnumerable<string> Describe(Type type)
    {
        yield return $"{Kind(type)} {Name(type)}";
        const BindingFlags own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var lines = type.IsEnum
            ? type.GetEnumNames().Select(n => $"{n} = {Convert.ToInt32(Enum.Parse(type, n), System.Globalization.CultureInfo.InvariantCulture)}")
            : type.GetMembers(own).Select(Member).OfType<string>().Order(StringComparer.Ordinal);
        foreach (var line in lines) yield return "    " + line;
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string? Member(MemberInfo member) => member switch
    {
        ConstructorInfo c => $"ctor({Parameters(c)})",
        PropertyInfo p => $"{Name(p.PropertyType)} {p.Name} {{{(p.GetMethod?.IsPublic == true ? " get;" : "")}{(p.SetMethod?.IsPublic == true ? " set;" : "")} }}",
        FieldInfo f => $"{(f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}",
        MethodInfo { IsSpecialName: true } or Type => null,
        // What the compiler writes for records is not ours to choose.
        MethodInfo { Name: "Equals" or "GetHashCode" or "ToString" or "<Clone>$" or "Deconstruct" or "PrintMembers" } => null,
        MethodInfo m => $"{(m.IsStatic ? "static " : "")}{Name(m.ReturnType)} {m.Name}{Generic(m)}({Parameters(m)}){Constraints(m)}",
        _ => null,
    };

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Constraints(MethodInfo method) => !method.IsGenericMethodDefinition ? "" : string.Concat(
        from argument in method.GetGenericArguments()
        let constraints = argument.GetGenericParameterConstraints().Select(Name)
            .Concat(argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? ["new()"] : []).ToList()
        where constraints.Count > 0
        select $" where {argument.Name} : {string.Join(", ", constraints)}");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {p.RawDefaultValue ?? "null"}" : "")}"));

    private static string Name(Type type)
    {
        if (type.IsByRef) return "ref " + Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        var name = type.Name.Split('`')[0];
        if (type.IsNested && !type.IsGenericParameter) name = $"{type.DeclaringType!.Name}.{name}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
