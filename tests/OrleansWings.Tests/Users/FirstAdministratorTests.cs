using System.Net;
using Microsoft.AspNetCore.Identity;
using OrleansWings.Commands;
using OrleansWings.Users;

namespace OrleansWings.Tests.Users;

public sealed class FirstAdministratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string UsersFile => Path.Combine(_folder.Path, "users.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Welcome_RightCode_MakesTheAdministratorAndSignsIn()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, password: null);

        var answer = await SubmitAsync(program, program.Administrator.Code!);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/")).StatusCode);
        program.ForgetCookies();
        Assert.Equal(HttpStatusCode.Redirect, (await program.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task Welcome_SecondTime_WorksNoMore()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, password: null);
        var code = program.Administrator.Code!;
        await SubmitAsync(program, code);
        program.ForgetCookies();

        Assert.Null(program.Administrator.Code);
        Assert.Contains("this link worked once", await program.ReadAsync($"/welcome?code={code}"));
        Assert.NotNull(await program.Administrator.CreateAsync(code, "another password"));
    }

    [Theory]
    [InlineData("/welcome")]
    [InlineData("/welcome?code=guessed")]
    public async Task Welcome_WrongCode_ShowsNoForm(string path)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, password: null);

        var page = await program.ReadAsync(path);

        Assert.Contains("This link is not valid.", page);
        Assert.DoesNotContain("<form", page);
    }

    [Fact]
    public async Task Welcome_NextStart_HasAnotherCode()
    {
        var first = await RunningProgram.StartAsync(_folder.Path, password: null);
        var code = first.Administrator.Code;
        await first.DisposeAsync();

        await using var second = await RunningProgram.StartAsync(_folder.Path, password: null);

        Assert.NotEqual(code, second.Administrator.Code);
        Assert.False(second.Administrator.IsValidCode(code));
    }

    [Theory]
    [InlineData("short", "short", "The password is too short: it needs at least 10 characters.")]
    [InlineData("one long password", "another password", "The two passwords differ.")]
    public async Task Welcome_PasswordThatCannotBe_SaysWhyAndTheLinkStillWorks(string password, string again, string message)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, password: null);
        var code = program.Administrator.Code!;

        var answer = await program.SubmitAsync($"/welcome?code={code}", ("Input.Password", password), ("Input.Again", again));

        Assert.Contains(message, await RunningProgram.ReadAsync(answer));
        Assert.True(program.Administrator.IsValidCode(code));
    }

    [Fact]
    public async Task Welcome_ManyAtOnce_MakesOneAdministrator()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, password: null);
        var code = program.Administrator.Code!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => program.Administrator.CreateAsync(code, $"password number {i}")));

        Assert.Single(answers, answer => answer is null);
        Assert.Single(program.GetService<UserFile>().Users);
    }

    [Fact]
    public async Task SignIn_NoAdministratorYet_SaysWhereTheLinkIs()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, password: null);

        Assert.Contains("Open the link that the terminal shows", await program.ReadAsync("/sign-in"));
    }

    [Fact]
    public async Task PasswordFile_AdministratorExists_IsNotOverwritten()
    {
        await (await RunningProgram.StartAsync(_folder.Path)).DisposeAsync();

        await using var program = await RunningProgram.StartAsync(_folder.Path, "quite another password");

        Assert.Equal(HttpStatusCode.OK, (await program.SignInAsync("quite another password")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await program.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task Reset_LockedAdministratorWithACookie_HasTheNewPasswordAndTheCookieIsVoid()
    {
        var first = await RunningProgram.StartAsync(_folder.Path);
        await first.SignInAsync();
        var stamp = first.GetService<UserFile>().Users.Single().SecurityStamp;

        Assert.Null(await first.Administrator.ResetAsync("a new password"));

        await first.DisposeAsync();
        var user = UserFile.Open(UsersFile).Users.Single();
        Assert.NotEqual(stamp, user.SecurityStamp);
        Assert.Equal(PasswordVerificationResult.Success, new PasswordHasher<WingsUser>().VerifyHashedPassword(user, user.PasswordHash!, "a new password"));
    }

    [Fact]
    public async Task UsersFile_Written_IsForItsOwnerOnly()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(UsersFile));
        Assert.DoesNotContain(RunningProgram.Password, await File.ReadAllTextAsync(UsersFile, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "not JSON, line 1")]
    [InlineData("{ \"schema\": 1, \"users\": [", "not JSON, line 1")]
    [InlineData("{ \"schema\": 1 }", "a part is missing")]
    [InlineData("{ \"schema\": 1, \"users\": [{ \"name\": \"admin\" }] }", "a part is missing")]
    [InlineData("{ \"schema\": 2, \"users\": [] }", "a newer version of the program wrote it")]
    public void UsersFile_Damaged_IsSaidAndLeftAsItIs(string content, string how)
    {
        _folder.Write("users.json", content);

        var e = Assert.Throws<CannotStartException>(() => UserFile.Open(UsersFile));

        Assert.Equal($"The users file {UsersFile} is damaged ({how}). It was left as it is. Restore it from a backup; or move it away, and the next start makes the administrator anew.", e.Message);
        Assert.Equal(content, File.ReadAllText(UsersFile));
    }

    private static Task<HttpResponseMessage> SubmitAsync(RunningProgram program, string code)
        => program.SubmitAsync($"/welcome?code={code}", ("Input.Password", RunningProgram.Password), ("Input.Again", RunningProgram.Password));
}
