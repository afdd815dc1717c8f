using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Conformance;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>A session on a real engine: a prompt that was said while nobody listened, answered afterwards.</summary>
public sealed class ConsoleOnEngineTests : ContainerEngineRunner
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prompt_SaidWhileNobodyListened_IsWholeOnceItsLineEnds(bool isAnswered)
    {
        var (name, console) = await RunAsync();
        await using (var first = Open())
            await first.RejoinAsync(name, 1, Token);
        await console.TypeAsync("prompt", Token);
        await console.WaitForAsync("name? ", Token);

        await using var session = Open();
        await session.RejoinAsync(name, 1, Token);
        if (isAnswered)
            await session.SendAsync("Ada", Token);
        else
            await Engine.KillAsync(name, "SIGKILL", Token);

        string[] said = ["Starting game ", "Done (0.1s)! For help, type \"help\"", "prompt", .. isAnswered ? (string[])["name? Ada", "hello Ada"] : ["name? "]];
        await Eventually.GetAsync(() => Task.FromResult(string.Join('|', session.ReadText(50))), text => text == string.Join('|', said));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private ConsoleSession Open()
        => new(ServerId.Parse("0197e4a0-0000-7000-8000-000000000001"), _folder.Path, Engine, new ConsoleOptions { ThrottleLines = 0 }, TimeProvider.System, NullLogger<ConsoleSession>.Instance);
}
