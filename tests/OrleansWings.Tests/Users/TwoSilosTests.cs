using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.DataFolders;
using OrleansWings.Users;

namespace OrleansWings.Tests.Users;

/// <summary>The same users at two control silos, by ASP.NET Core Identity's own parts: what one does, the other's older view does not undo.</summary>
public sealed class TwoSilosTests : IAsyncDisposable
{
    private const string NewPassword = "quite another password";

    private readonly SharedDocument _store = new();
    private readonly List<IAsyncDisposable> _things = [];
    private readonly TemporaryFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        for (var i = _things.Count - 1; i >= 0; i--)
            await _things[i].DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WrongPasswordHere_WhileThePasswordIsResetThere_LeavesTheNewPassword()
    {
        var (here, there) = (OpenSilo("here"), OpenSilo("there"));
        Assert.Null(await there.GetRequiredService<FirstAdministrator>().EnsureAsync(RunningProgram.Password));
        var users = Users(here);
        var readBefore = await FindAsync(users);
        var stampBefore = readBefore.SecurityStamp;

        Assert.Null(await there.GetRequiredService<FirstAdministrator>().ResetAsync(NewPassword));

        var result = await users.AccessFailedAsync(readBefore);
        Assert.Equal(nameof(IdentityErrorDescriber.ConcurrencyFailure), Assert.Single(result.Errors).Code);
        var stored = await FindAsync(users);
        Assert.NotEqual(stampBefore, stored.SecurityStamp);
        Assert.True(await users.CheckPasswordAsync(stored, NewPassword));
        Assert.Equal(0, stored.FailedTries);
    }

    [Fact]
    public async Task Reset_SomebodySignsOutInBetween_IsDoneAgainOnWhatIsThere()
    {
        var (here, there) = (OpenSilo("here"), OpenSilo("there"));
        Assert.Null(await here.GetRequiredService<FirstAdministrator>().EnsureAsync(RunningProgram.Password));
        _store.BeforeNextWrite = () =>
        {
            var file = there.GetRequiredService<UserFile>();
            var signedOut = file.Users.Single().ToEdit();
            signedOut.SecurityStamp = "after the sign-out";
            Assert.True(file.Save(signedOut));
        };

        Assert.Null(await here.GetRequiredService<FirstAdministrator>().ResetAsync(NewPassword));

        var stored = await FindAsync(Users(there));
        Assert.NotEqual("after the sign-out", stored.SecurityStamp);
        Assert.True(await Users(there).CheckPasswordAsync(stored, NewPassword));
    }

    [Fact]
    public async Task FiveWrongPasswords_SpreadOverBoth_LockTheUserAtBoth()
    {
        var (here, there) = (OpenSilo("here"), OpenSilo("there"));
        Assert.Null(await here.GetRequiredService<FirstAdministrator>().EnsureAsync(RunningProgram.Password));
        for (var i = 0; i < 5; i++)
        {
            var users = Users(i % 2 == 0 ? here : there);
            Assert.True((await users.AccessFailedAsync(await FindAsync(users))).Succeeded);
        }

        Assert.True(await Users(here).IsLockedOutAsync(await FindAsync(Users(here))));
        Assert.True(await Users(there).IsLockedOutAsync(await FindAsync(Users(there))));
    }

    private static async Task<WingsUser> FindAsync(UserManager<WingsUser> users)
        => await users.FindByNameAsync(FirstAdministrator.UserName) ?? throw new InvalidOperationException("There is no administrator.");

    private UserManager<WingsUser> Users(ServiceProvider silo)
    {
        var scope = silo.CreateAsyncScope();
        _things.Add(scope);
        return scope.ServiceProvider.GetRequiredService<UserManager<WingsUser>>();
    }

    private ServiceProvider OpenSilo(string name)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        var folder = DataFolder.Open(Path.Combine(_folder.Path, name));
        services.AddSingleton(_ => folder);
        services.AddWingsUsers(folder);
        services.Replace(ServiceDescriptor.Singleton(UserFile.Shared(_store, new RunningClock(), NullLogger<UserFile>.Instance)));
        var silo = services.BuildServiceProvider();
        _things.Add(silo);
        return silo;
    }
}
