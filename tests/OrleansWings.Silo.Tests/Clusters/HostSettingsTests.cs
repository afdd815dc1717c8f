using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>What operators say of a host, and what it says of itself.</summary>
public sealed class HostSettingsTests
{
    private static readonly HostId s_h1 = new("h1");

    [Fact]
    public async Task Settings_Changed_AreKeptAndOutliveTheHost()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var host = await KnownHostAsync(cluster);
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("region", "eu").Add("disk", "nvme");

        ServerResult[] answers = [await host.SetLabelsAsync(labels), await host.BeginMaintenanceAsync(" new disk "), await host.SetOverCommitAsync(new OverCommit { Memory = 1.5 })];
        var first = await SettingsAsync(cluster);
        await host.BeginMaintenanceAsync("newer note");
        await cluster.StopHostAsync("h1", isKilled: false);
        var second = await SettingsAsync(cluster);
        var ended = await host.EndMaintenanceAsync();

        Assert.All(answers, answer => Assert.True(answer.IsAccepted, answer.Message));
        Assert.Equal(labels, first.Labels);
        Assert.Equal((1.5, 2, 1), (first.OverCommit.Memory, first.OverCommit.Cpu, first.OverCommit.Disk));
        Assert.Equal("new disk", first.Maintenance!.Note);
        Assert.Equal(first.Maintenance with { Note = "newer note" }, second.Maintenance);
        Assert.True(ended.IsAccepted);
        Assert.Null((await SettingsAsync(cluster)).Maintenance);
    }

    [Fact]
    public async Task Settings_ThatCannotBe_AreRefusedByFieldAndNothingIsChanged()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var host = await KnownHostAsync(cluster);

        var labels = await host.SetLabelsAsync(ImmutableSortedDictionary<string, string>.Empty.Add("Region", "eu"));
        var factors = await host.SetOverCommitAsync(new OverCommit { Cpu = 0 });
        var note = await host.BeginMaintenanceAsync("a\nb");
        var stranger = await cluster.Fleet.GetHost(new HostId("nobody")).BeginMaintenanceAsync("");

        Assert.Equal((ServerRefusal.Invalid, "Labels[Region]"), (labels.Refusal, Assert.Single(labels.Faults).Field));
        Assert.Equal((ServerRefusal.Invalid, "Cpu"), (factors.Refusal, Assert.Single(factors.Faults).Field));
        Assert.Equal((ServerRefusal.Invalid, "Note"), (note.Refusal, Assert.Single(note.Faults).Field));
        Assert.Equal((ServerRefusal.NoHost, "There is no host named nobody."), (stranger.Refusal, stranger.Message));
        Assert.Equal((0, 2, null), ((await SettingsAsync(cluster)).Labels.Count, (await SettingsAsync(cluster)).OverCommit.Cpu, (await SettingsAsync(cluster)).Maintenance));
    }

    [Fact]
    public async Task Host_Lives_ItsLoadAndCapacityAreKnownAndItsSilenceIs()
    {
        await using var cluster = await WingsCluster.StartAsync();
        await KnownHostAsync(cluster);

        var ready = await Eventually.GetAsync(
            () => HostAsync(cluster), host => host is { Status: HostStatus.Ready, Load: { DiskFreeBytes: > 0, MemoryBytes: > 0 }, Capacity.Disk.Total: > 0, Facts.DiskBytes: > 0 });
        await cluster.StopHostAsync("h1", isKilled: true);
        var silent = await Eventually.GetAsync(() => HostAsync(cluster), host => host.Status is HostStatus.Silent or HostStatus.Lost);

        Assert.Equal((65_536, 800), (ready.Capacity!.Memory.Total, ready.Capacity.Cpu.Total));
        Assert.Null(silent.Load);
        Assert.NotNull(silent.Capacity);
    }

    [Fact]
    public async Task Feed_SettingsAndServersChange_ViewersAreTold()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var host = await KnownHostAsync(cluster);
        using var stop = new CancellationTokenSource();
        HostSnapshot? seen = null;
        var following = Task.Run(async () =>
        {
            await foreach (var update in cluster.Feed.WatchAsync(stop.Token))
                seen = update.Hosts.LastOrDefault() ?? seen;
        });

        await host.BeginMaintenanceAsync("new disk");
        await Eventually.TrueAsync(() => seen is { Settings.Maintenance.Note: "new disk", Load: not null });
        await host.EndMaintenanceAsync();
        await Eventually.TrueAsync(() => seen is { Settings.Maintenance: null });

        await stop.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private static async Task<IFleetHost> KnownHostAsync(WingsCluster cluster)
    {
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts.Any(host => host.Id == s_h1));
        return cluster.Fleet.GetHost(s_h1);
    }

    private static async Task<HostSnapshot> HostAsync(WingsCluster cluster) => Assert.Single(await cluster.Fleet.ListHostsAsync());

    private static async Task<HostSettings> SettingsAsync(WingsCluster cluster) => (await HostAsync(cluster)).Settings!;
}
