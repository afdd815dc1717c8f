using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Identity;
using OrleansWings.Dashboard.Users;
using OrleansWings.DataFolders;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Users;

/// <summary>Sign-in by ASP.NET Core's own parts. Whatever does not say otherwise is for signed-in users only.</summary>
internal static class UserExtensions
{
    // A person mistypes a few times; a guesser needs millions.
    private const int TriesPerMinute = 10;

    public static IServiceCollection AddWingsUsers(this IServiceCollection services, DataFolder folder, bool isFleet = false)
    {
        var keys = services.AddDataProtection().SetApplicationName(WingsNames.ServiceId);
        if (isFleet)
        {
            services.AddSingleton<IXmlRepository, SharedKeys>();
            services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository>((options, repository) => options.XmlRepository = repository);
            services.AddSingleton(provider => UserFile.Shared(
                new SharedUserDocument(provider.GetRequiredService<FleetDocuments>()), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<UserFile>>()));
        }
        else
        {
            keys.PersistKeysToFileSystem(new DirectoryInfo(folder.Keys));
            services.AddSingleton(UserFile.Open(folder.Users));
        }

        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<IFirstAdministrator>(provider => provider.GetRequiredService<FirstAdministrator>());
        services.AddScoped<IUserStore<WingsUser>, UserStore>();
        services.AddScoped<ISignIn, CookieSignIn>();
        services.AddIdentityCore<WingsUser>(options =>
        {
            // The rule is PasswordRule's, which says it in words; here only the same length once more.
            options.Password = new PasswordOptions
            {
                RequiredLength = PasswordRule.MinLength,
                RequiredUniqueChars = 1,
                RequireDigit = false,
                RequireLowercase = false,
                RequireUppercase = false,
                RequireNonAlphanumeric = false,
            };
        }).AddSignInManager();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, Configure);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitUser>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "orleans-wings-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = async (context, cancellationToken) =>
                await context.HttpContext.Response.WriteAsync("Too many tries. Wait a minute, then go back and try again.", cancellationToken);
            options.AddPolicy(UserRoutes.SignInRateLimit, context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress?.ToString() ?? "",
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter(""));
        });
        return services;
    }

    public static void MapWingsUsers(this IEndpointRouteBuilder app)
        => app.MapPost(UserRoutes.SignOut, async (HttpContext context, IAntiforgery antiforgery, SignInManager<WingsUser> signIn) =>
        {
            if (!await IsFormOursAsync(antiforgery, context))
                return Results.Text("This form is out of date. Go back, reload the page and try again.", statusCode: StatusCodes.Status400BadRequest);
            // A copy of the cookie must not outlive the session: every browser of this user is signed out with it.
            var ended = await signIn.UserManager.EndSignInsAsync(() => signIn.UserManager.GetUserAsync(context.User));
            if (ended is { Succeeded: false })
                return Results.Text("You are still signed in: the sign-out could not be written down. Is the data folder's disk full, or the cluster's store away? Go back and try again.", statusCode: StatusCodes.Status503ServiceUnavailable);
            await signIn.SignOutAsync();
            return Results.LocalRedirect(UserRoutes.SignIn);
        });

    // A form that cannot be read at all is thrown at, not called invalid.
    private static async Task<bool> IsFormOursAsync(IAntiforgery antiforgery, HttpContext context)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "orleans-wings";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromDays(14);
        options.SlidingExpiration = true;
        options.LoginPath = UserRoutes.SignIn;
        options.ReturnUrlParameter = UserRoutes.ReturnUrl;
        // At each request, unlike Identity's own validator: the users are in memory. Else a page that a sign-out sent to the
        // sign-in form would be sent back from there, until the validator's next time.
        options.Events.OnValidatePrincipal = async context =>
        {
            var signIn = context.HttpContext.RequestServices.GetRequiredService<SignInManager<WingsUser>>();
            if (await signIn.ValidateSecurityStampAsync(context.Principal) is null)
                context.RejectPrincipal();
        };
        options.Events.OnRedirectToLogin = context =>
        {
            // Only a person's browser can follow to a form; scripts, hubs and scrapers get the plain answer.
            if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
                context.Response.Redirect(context.RedirectUri);
            else
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
