using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Silo.Tests.Hosts;

/// <summary>The program comes back and finds another real engine than the one on which its game runs on: two games would write one folder.</summary>
[Trait("Needs", "Docker")]
public sealed class OtherEngineTests
{
    [Fact]
    public async Task Program_ThatComesBackToAnotherEngine_StartsNoSecondGame_AndFindsItsOwnOnTheFirst()
    {
        var token = TestContext.Current.CancellationToken;
        var first = new DockerCommand(RealEngine.Require());
        await using var other = await PrivateEngine.StartAsync(RealEngine.NameOfOwn("other"), token);
        var folder = await RealEngine.CreateFolderAsync(token);
        var (cluster, server) = (Guid.NewGuid(), new ServerId(Guid.CreateVersion7()));
        try
        {
            await using (var program = await OpenAsync(RealEngine.Require()))
            {
                await program.AddAsync(HostOnEngine.Game with { RestartOnCrash = true });
                await program.AskAsync(PowerAction.Start);
                await program.UntilAsync(PowerState.Running);
            }

            await using (var program = await OpenAsync(other.Address))
            {
                await program.UntilAsync(PowerState.Offline);
                Assert.StartsWith("This host's Docker engine is another one now", program.Worker.State.Problem!.Message, StringComparison.Ordinal);
                Assert.Null(await new DockerCommand(other.Address).StatusAsync($"{server}"));
                Assert.Equal("running", await first.StatusAsync($"{server}"));
            }

            await using (var program = await OpenAsync(RealEngine.Require()))
            {
                await program.UntilAsync(PowerState.Running);
                Assert.Equal((1, null), (program.Worker.State.Run, program.Worker.State.Problem));
            }
        }
        finally
        {
            await first.RemoveAsync([$"{server}"]);
            Directory.Delete(folder, recursive: true);
        }

        async Task<HostProgram> OpenAsync(Uri engine)
        {
            var program = new HostProgram(folder, new DockerContainerEngine(engine), options: new DockerHostOptions { Network = "none" }, cluster: cluster) { Server = server };
            await program.ResumedAsync();
            return program;
        }
    }
}
