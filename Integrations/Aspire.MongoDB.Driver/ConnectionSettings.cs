using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.MongoDB.Driver;

/// <summary>What all client integrations do alike: where settings come from, and where the client is registered.</summary>
internal static class ConnectionSettings
{
    /// <summary>Binds the section, then the section named after the connection, then hands over the connection string if there is one.</summary>
    public static void Bind<TSettings>(
        IHostApplicationBuilder builder, string section, string connectionName, TSettings settings, Action<string> setConnectionString)
        where TSettings : class
    {
        var configuration = builder.Configuration.GetSection(section);
        configuration.Bind(settings);
        configuration.GetSection(connectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            setConnectionString(connectionString);
        }
    }

    /// <summary>Registers a singleton, under a key if one is given.</summary>
    public static void AddSingletonFor<TClient>(this IServiceCollection services, string? key, Func<IServiceProvider, TClient> create)
        where TClient : class
    {
        if (key is null)
        {
            services.AddSingleton(create);
        }
        else
        {
            services.AddKeyedSingleton(key, (provider, _) => create(provider));
        }
    }

    /// <summary>Resolves what <see cref="AddSingletonFor{TClient}"/> registered.</summary>
    public static TClient GetFor<TClient>(this IServiceProvider services, string? key)
        where TClient : class =>
        key is null ? services.GetRequiredService<TClient>() : services.GetRequiredKeyedService<TClient>(key);
}
