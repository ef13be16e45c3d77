using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Pipeline.Tests.Integrations;

/// <summary>What AddKafkaProducer and AddKafkaConsumer register, and from which settings.</summary>
public sealed class KafkaClientTests
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";

    [Fact]
    public void Later_settings_win()
    {
        var builder = ABuilder(
            ($"{Section}:ConnectionString", "section"), ($"{Section}:Config:GroupId", "section"), ($"{Section}:Config:ClientId", "section"),
            ($"{Section}:Config:AutoOffsetReset", "Earliest"), ($"{Section}:DisableTracing", "true"),
            ($"{Section}:kafka:ConnectionString", "named"), ($"{Section}:kafka:Config:ClientId", "named"),
            ("ConnectionStrings:kafka", "connection"));

        KafkaConsumerSettings settings = null!;
        builder.AddKafkaConsumer<string, string>("kafka", given =>
        {
            settings = given;
            Assert.Equal(("connection", null), (given.ConnectionString, given.Config.BootstrapServers));
            given.ConnectionString = "callback";
        });

        Assert.Equal(("callback", "section", "named"), (settings.Config.BootstrapServers, settings.Config.GroupId, settings.Config.ClientId));
        Assert.Equal((AutoOffsetReset.Earliest, true), (settings.Config.AutoOffsetReset, settings.DisableTracing));
    }

    [Theory]
    [InlineData(false, null, 1000)]
    [InlineData(false, 5000, 5000)]
    [InlineData(true, null, null)]
    public void Statistics_come_once_a_second_when_metrics_are_on(bool disableMetrics, int? asked, int? expected)
    {
        KafkaProducerSettings settings = null!;
        ABuilder().AddKafkaProducer<string, string>("kafka", given =>
        {
            settings = given;
            (given.DisableMetrics, given.Config.StatisticsIntervalMs) = (disableMetrics, asked);
        });

        Assert.Equal(expected, settings.Config.StatisticsIntervalMs);
    }

    [Fact]
    public void What_is_missing_is_said_when_the_client_is_resolved()
    {
        var builder = ABuilder(("ConnectionStrings:there", "127.0.0.1:9"));
        builder.AddKeyedKafkaProducer<string, string>("gone");
        builder.AddKeyedKafkaConsumer<string, string>("gone");
        builder.AddKeyedKafkaConsumer<string, string>("there");
        using var host = builder.Build();

        Assert.Equal("No bootstrap servers configured.", Refused<IProducer<string, string>>("gone"));
        Assert.Equal("No bootstrap servers configured.", Refused<IConsumer<string, string>>("gone"));
        Assert.Equal("No group id configured.", Refused<IConsumer<string, string>>("there"));

        string Refused<T>(string key)
            where T : notnull => Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<T>(key)).Message;
    }

    [Fact]
    public void Each_client_has_its_check()
    {
        var builder = ABuilder();
        builder.AddKafkaProducer<string, string>("kafka");
        builder.AddKafkaProducer<string, byte[]>("kafka");                // another client of the same name adds none
        builder.AddKafkaConsumer<string, string>("kafka");
        builder.AddKeyedKafkaProducer<string, string>("other");
        builder.AddKeyedKafkaConsumer<string, string>("other");
        builder.AddKeyedKafkaConsumer<string, string>("silent", settings => settings.DisableHealthChecks = true);
        using var host = builder.Build();

        Assert.Equal(
            ["Aspire.Confluent.Kafka.Producer", "Aspire.Confluent.Kafka.Consumer", "Aspire.Confluent.Kafka.Producer_other",
                "Aspire.Confluent.Kafka.Consumer_other"],
            host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name));
    }

    [Fact]
    public void A_key_tells_clients_apart_and_without_one_a_client_is_an_ordinary_service()
    {
        var builder = ABuilder(("ConnectionStrings:kafka", "127.0.0.1:9"), ("ConnectionStrings:other", "127.0.0.1:9"));
        builder.AddKafkaProducer<string, string>("kafka", settings => settings.Config.ClientId = "plain");
        builder.AddKeyedKafkaProducer<string, string>("other", settings => settings.Config.ClientId = "keyed");
        using var host = builder.Build();

        Assert.StartsWith("plain#", host.Services.GetRequiredService<IProducer<string, string>>().Name, StringComparison.Ordinal);
        Assert.StartsWith("keyed#", host.Services.GetRequiredKeyedService<IProducer<string, string>>("other").Name, StringComparison.Ordinal);
    }

    [Fact]
    public void The_caller_may_handle_the_log_himself()
    {
        var builder = ABuilder(("ConnectionStrings:kafka", "127.0.0.1:9"));
        builder.AddKafkaProducer<string, string>("kafka", (ProducerBuilder<string, string> producer) => producer.SetLogHandler((_, _) => { }));
        using var host = builder.Build();

        Assert.NotNull(host.Services.GetRequiredService<IProducer<string, string>>());
    }

    private static HostApplicationBuilder ABuilder(params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(configuration.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value)));
        return builder;
    }
}
