using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Embedded.Aspire.Dashboard.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Embedded.Aspire.Dashboard.Security;

/// <summary>
/// Whoever can read the AppHost's console may see the pages: the link there carries a token, which becomes a cookie. Without a token
/// in the options nobody is asked.
/// </summary>
internal static class Login
{
    private const string CookieName = ".Aspire.Dashboard.Auth";
    private const string Path = "/login";
    private static readonly TimeSpan Validity = TimeSpan.FromDays(3);

    public static void AddLogin(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = CookieName;
            cookie.Cookie.SameSite = SameSiteMode.Lax;      // a link in a terminal or a document may lead to a page
            cookie.ExpireTimeSpan = Validity;
            cookie.LoginPath = Path;
            cookie.ReturnUrlParameter = "returnUrl";
        });
    }

    /// <summary>Asks for a login before anything on the pages' ports; what other ports ask for is their own affair.</summary>
    public static void UseLogin(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<DashboardOptions>();
        if (options.BrowserToken is not { } token) return;

        app.UseAuthentication();
        app.UseWhen(context => context.IsFrontend(options) && !context.Request.Path.StartsWithSegments("/assets"), pages => pages.Use(AskAsync));
        app.MapGet(Path, (string? t, string? returnUrl, HttpContext context) => EnterAsync(context, token, t, returnUrl));
        app.MapPost(Path, async (HttpContext context, CancellationToken cancellation) =>
        {
            var form = await context.Request.ReadFormAsync(cancellation);
            return await EnterAsync(context, token, form["t"], form["returnUrl"]);
        });
    }

    private static Task AskAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == Path || context.User.Identity is { IsAuthenticated: true }) return next(context);
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            return context.ChallengeAsync();
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static async Task<IResult> EnterAsync(HttpContext context, string token, string? shown, string? returnUrl)
    {
        var target = IsLocal(returnUrl) ? returnUrl! : "/";
        if (context.User.Identity is { IsAuthenticated: true } && shown is null) return Results.LocalRedirect(target);
        if (shown is null || !IsSame(token, shown.Trim()))
        {
            return new RazorComponentResult<LoginPage>(new { IsWrong = shown is not null, ReturnUrl = target }) { PreventStreamingRendering = true };
        }
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "visitor")], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        return Results.LocalRedirect(target);
    }

    private static bool IsLocal(string? url) => url is ['/', ..] and not ['/', '/', ..] and not ['/', '\\', ..];

    private static bool IsSame(string token, string shown) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(shown));
}
