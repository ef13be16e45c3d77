using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB;
using Microsoft.Extensions.Hosting;

namespace Pipeline.Tests.Integrations;

/// <summary>An argument that must be given is asked for by its name.</summary>
public sealed class NullArgumentTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<string, string> Arguments =>
        [.. from method in Methods()
            from parameter in method.GetParameters()
            where !parameter.ParameterType.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.NotNull
            select (PublicSurface.Describe(method), parameter.Name!)];

    [Theory]
    [MemberData(nameof(Arguments))]
    public void Null_is_refused(string method, string argument)
    {
        var called = Methods().Single(candidate => PublicSurface.Describe(candidate) == method);
        if (called.IsGenericMethodDefinition)
        {
            var parameters = called.GetGenericArguments();
            called = called.MakeGenericMethod(parameters.Length == 1 ? [typeof(MongoDBServerResource)] : [typeof(string), typeof(string)]);
        }

        object?[] arguments = [.. called.GetParameters().Select(parameter => parameter.Name == argument ? null : Given(parameter))];

        var refused = Assert.Throws<TargetInvocationException>(() => called.Invoke(null, arguments)).InnerException;
        Assert.Equal(argument, Assert.IsAssignableFrom<ArgumentException>(refused).ParamName);
    }

    private static IEnumerable<MethodInfo> Methods() =>
        from type in (Type[])[typeof(KafkaBuilderExtensions), typeof(MongoDBBuilderExtensions), typeof(AspireKafkaProducerExtensions),
            typeof(AspireKafkaConsumerExtensions), typeof(AspireMongoDBDriverExtensions)]
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        select method;

    private static object? Given(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => "name",
        var type when type == typeof(IHostApplicationBuilder) => Host.CreateApplicationBuilder(),
        var type when type == typeof(IDistributedApplicationBuilder) => AModel.New(),
        var type when type == typeof(IResourceBuilder<KafkaServerResource>) => AModel.New().AddKafka("broker"),
        var type when type == typeof(IResourceBuilder<MongoDBServerResource>) => AModel.New().AddMongoDB("mongodb"),
        var type when type == typeof(IResourceBuilder<KafkaUIContainerResource>) => AModel.New().AddResource(new KafkaUIContainerResource("page")),
        var type when type == typeof(IResourceBuilder<MongoExpressContainerResource>) =>
            AModel.New().AddResource(new MongoExpressContainerResource("page")),
        var type => type.IsValueType ? Activator.CreateInstance(type) : null,
    };
}
