using System.Reflection;

namespace Pipeline.Tests.Integrations;

/// <summary>Public types and members as lines of text: what a caller's source depends on, names of parameters and defaults too.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(type => type.GetMembers(Declared).Prepend(type)).Select(Describe).Distinct();

    public static string Describe(MemberInfo member) => member switch
    {
        Type type => $"{type.FullName}: {Kind(type)} {Name(type.BaseType!)}",
        ConstructorInfo constructor => $"{constructor.DeclaringType}({Parameters(constructor)})",
        PropertyInfo property => $"{property.DeclaringType}.{property.Name}: {Name(property.PropertyType)} {(property.CanWrite ? "get set" : "get")}",
        MethodInfo { IsSpecialName: true } accessor =>
            Describe(accessor.DeclaringType!.GetProperties(Declared).Single(property => property.GetAccessors().Contains(accessor))),
        MethodInfo method => $"{method.DeclaringType}.{method.Name}{Generic(method)}({Parameters(method)}): {Name(method.ReturnType)}",
        _ => throw new NotSupportedException($"{member}"),
    };

    private static string Kind(Type type) => type switch
    {
        { IsAbstract: true, IsSealed: true } => "static",
        { IsSealed: true } => "sealed",
        _ => "class",
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}"));

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Name(Type type) => Nullable.GetUnderlyingType(type) is { } value
        ? $"{Name(value)}?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
}
