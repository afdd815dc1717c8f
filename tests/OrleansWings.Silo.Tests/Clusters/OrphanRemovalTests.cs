using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>An orphan whose server has a record by now, of which its host has not heard.</summary>
public sealed class OrphanRemovalTests
{
    private static readonly HostId s_host = new("h1");

    [Fact]
    public async Task Remove_ServerHasARecordThatItsHostDoesNotKnow_IsRefused_ThoughItsContainerMakesNoSpec()
    {
        var token = TestContext.Current.CancellationToken;
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        await cluster.RunServerAsync(Specs.Game());
        var (engine, lost) = (cluster.FakeEngine("h1"), ServerId.New());
        var spec = Assert.Single(engine.Containers).Spec;
        // Two mounts at one place: no spec can say that.
        var orphan = await engine.CreateAsync(
            spec with
            {
                Name = lost.ToString(),
                Labels = new Dictionary<string, string>(spec.Labels) { [ContainerLabels.ServerId] = lost.ToString() },
                Mounts = [new BindMount(new HostPaths(cluster.DataFolder("h1")).Volume(lost), "/home/container", false), new BindMount("/srv/a", "/data", false), new BindMount("/srv/b", "/data", false)],
            },
            token);
        calls.LoseNext(nameof(IHostAgentGrain.TakeWishesAsync), int.MaxValue);
        var record = cluster.RecordOf(lost);
        Assert.True((await record.AdoptAsync(new ServerAssignment { Server = lost, Host = s_host, Epoch = 1, Version = 1, Spec = Specs.Game("lobby") })).IsAccepted);

        Assert.Contains("/data is there twice.", (await cluster.Fleet.GetHost(s_host).AdoptOrphanAsync(orphan.Value)).Message, StringComparison.Ordinal);
        var answer = await cluster.Fleet.GetHost(s_host).RemoveOrphanAsync(orphan.Value);

        Assert.Equal((ServerRefusal.AlreadyExists, "Its server has a record by now: lobby. Delete it on its page."), (answer.Refusal, answer.Message));
        Assert.NotNull(engine.Find(orphan.Value));
    }
}
