using System.Globalization;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Usages;

/// <summary>The kernel's files of a real container, held against what the engine makes of them.</summary>
[Trait("Needs", "Docker")]
public sealed class UsageOnEngineTests : ContainerEngineRunner
{
    private const int Quota = 30; // percent of one core
    private readonly CgroupUsageReader _reader = new();

    [Fact]
    public async Task Read_BusyContainer_AgreesWithDockerStats()
    {
        var (name, console) = await RunAsync(NewSpec() with { NetworkMode = "bridge", Limits = new ContainerLimits { MemoryBytes = 128 << 20, MemorySwapBytes = 128 << 20, CpuQuota = Quota * 1000 } });
        await console.TypeAsync("hold 20", Token);
        await console.WaitForAsync("holding 20", Token);
        await console.TypeAsync("burn", Token);
        await console.WaitForAsync("burning ", Token);
        var state = await Engine.InspectAsync(name, Token);

        // Both are means over about two seconds of a busy machine, but not the same two: near at some time is what can be asked for.
        for (var tries = 0; tries < 15; tries++)
        {
            var before = Read(state!);
            var stats = (await HostCommand.RunAsync("docker", ["-H", RealEngine.Require().ToString(), "stats", "--no-stream", "--format", "{{.CPUPerc}} {{.PIDs}}", name], Token)).Split(' ');
            var after = Read(state!);
            var (ours, theirs) = (UsageMath.CpuPercent(before, after), double.Parse(stats[0].TrimEnd('%'), CultureInfo.InvariantCulture));
            if (Math.Abs(ours - theirs) > 3 || ours is < 1 or > Quota + 3) // less than the quota is all it gets on a crowded machine
                continue;

            Assert.Equal(128 << 20, after.MemoryLimitBytes);
            Assert.InRange(after.MemoryBytes, 20 << 20, 60 << 20);
            Assert.Equal(long.Parse(stats[1], CultureInfo.InvariantCulture), after.Processes);
            return;
        }

        Assert.Fail("The kernel's files and the engine never told the same.");
    }

    [Fact]
    public async Task Read_NetworkAndStream_AgreeOnTheBytes()
    {
        var (name, console) = await RunAsync(NewSpec() with { NetworkMode = "bridge" });
        var state = await Engine.InspectAsync(name, Token);
        await console.TypeAsync("run ping -c 3 -i 0.2 -W 1 $(ip route | awk '/default/ { print $3 }')", Token);
        await console.WaitForAsync("run over\r\n", Token);

        // Stray packets of the bridge may fall between two readings: again until none did.
        for (var tries = 0; tries < 15; tries++)
        {
            await foreach (var streamed in Engine.WatchUsageAsync(name, Token))
            {
                var read = Read(state!);
                Assert.True(read.NetworkRxBytes > 0);
                if ((read.NetworkRxBytes, read.NetworkTxBytes) == (streamed.NetworkRxBytes, streamed.NetworkTxBytes) && Math.Abs(read.MemoryBytes - streamed.MemoryBytes) < 4 << 20)
                    return;

                break;
            }
        }

        Assert.Fail("The kernel's files and the engine's stream never told the same.");
    }

    [Fact]
    public async Task Read_ContainerEnded_IsNull()
    {
        var (name, console) = await RunAsync();
        var state = await Engine.InspectAsync(name, Token);
        Read(state!);
        await EndAsync(name, console, "stop");
        Assert.Null(_reader.Read(state!.Id, state.ProcessId));
    }

    private UsageCounters Read(ContainerState state)
    {
        var counters = _reader.Read(state.Id, state.ProcessId);
        Assert.NotNull(counters);
        return counters;
    }
}
