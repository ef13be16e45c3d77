namespace Embedded.Aspire.Dashboard.Security;

internal static class Login
{
    public static void AddLogin(this IServiceCollection services) { }
    public static void UseLogin(this WebApplication app) { }
}
