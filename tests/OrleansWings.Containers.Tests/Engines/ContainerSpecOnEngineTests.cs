using System.Text.Json;
using OrleansWings.Containers.Engines;
using OrleansWings.Testing.Conformance;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>What the engine made of a spec, as the docker client tells it: the seed's configuration, field by field.</summary>
[Trait("Needs", "Docker")]
public sealed class ContainerSpecOnEngineTests : ContainerEngineRunner
{
    private static readonly string[] s_dropped =
        ["AUDIT_WRITE", "DAC_OVERRIDE", "FOWNER", "FSETID", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETPCAP", "SYS_CHROOT"];

    [Fact]
    public async Task Create_WholeSpec_IsWhatTheEngineHolds()
    {
        var folder = await RealEngine.CreateFolderAsync(Token);
        try
        {
            var spec = NewSpec() with
            {
                User = "988:988",
                DomainName = "games.test",
                Environment = new Dictionary<string, string> { ["STARTUP"] = "game {{SERVER_PORT}}", ["SERVER_PORT"] = "28120" },
                Ports = [new PortBinding("127.0.0.1", 28_120), new PortBinding("127.0.0.2", 28_120), new PortBinding("127.0.0.1", 28_121)],
                Mounts = [new BindMount(folder, "/home/container", IsReadOnly: false), new BindMount(folder, "/mnt/maps", IsReadOnly: true)],
                NetworkMode = "bridge",
                Dns = ["192.0.2.53"],
                TmpfsMiB = 64,
                UsernsMode = "host",
                HasInit = true,
                Limits = new ContainerLimits { MemoryBytes = 256 << 20, MemoryReservationBytes = 128 << 20, MemorySwapBytes = 256 << 20, CpuQuota = 150_000, CpuSet = "0", ProcessLimit = 77 },
            };
            await Engine.CreateAsync(spec, Token);
            using var made = await InspectRawAsync(spec.Name);
            var (config, host) = (made.RootElement.GetProperty("Config"), made.RootElement.GetProperty("HostConfig"));

            foreach (var flag in (string[])["Tty", "OpenStdin", "AttachStdin", "AttachStdout", "AttachStderr"])
                Assert.True(config.GetProperty(flag).GetBoolean(), flag);
            Assert.False(config.GetProperty("StdinOnce").GetBoolean());
            Assert.Equal(spec.Name, config.GetProperty("Hostname").GetString());
            Assert.Equal("games.test", config.GetProperty("Domainname").GetString());
            Assert.Equal("988:988", config.GetProperty("User").GetString());
            Assert.Contains("SERVER_PORT=28120", Strings(config.GetProperty("Env")));
            Assert.Equal(["28120/tcp", "28120/udp", "28121/tcp", "28121/udp"], config.GetProperty("ExposedPorts").EnumerateObject().Select(port => port.Name).Order());
            Assert.Equal(["127.0.0.1:28120", "127.0.0.2:28120"], Bindings(host, "28120/udp"));
            Assert.Equal(["127.0.0.1:28121"], Bindings(host, "28121/tcp"));
            Assert.Equal("rw,exec,nosuid,size=64M", host.GetProperty("Tmpfs").GetProperty("/tmp").GetString());
            Assert.Equal(["192.0.2.53"], Strings(host.GetProperty("Dns")));
            Assert.Equal(["no-new-privileges"], Strings(host.GetProperty("SecurityOpt")));
            Assert.True(host.GetProperty("ReadonlyRootfs").GetBoolean());
            Assert.Equal(s_dropped, Strings(host.GetProperty("CapDrop")).Select(name => name.ToUpperInvariant().Replace("CAP_", "", StringComparison.Ordinal)).Order());
            Assert.Equal("bridge", host.GetProperty("NetworkMode").GetString());
            Assert.Equal("host", host.GetProperty("UsernsMode").GetString());
            Assert.True(host.GetProperty("Init").GetBoolean());
            Assert.Equal("local", host.GetProperty("LogConfig").GetProperty("Type").GetString());
            foreach (var (option, value) in LogDefaults.Options)
                Assert.Equal(value, host.GetProperty("LogConfig").GetProperty("Config").GetProperty(option).GetString());
            foreach (var (limit, value) in new (string, long)[] { ("Memory", 256 << 20), ("MemoryReservation", 128 << 20), ("CpuQuota", 150_000), ("CpuPeriod", 100_000), ("PidsLimit", 77) })
                Assert.Equal(value, host.GetProperty(limit).GetInt64());
            Assert.Equal("0", host.GetProperty("CpusetCpus").GetString());
            Assert.Equal([$"{folder} -> /home/container rw", $"{folder} -> /mnt/maps ro"], made.RootElement.GetProperty("Mounts").EnumerateArray()
                .Select(mount => $"{mount.GetProperty("Source")} -> {mount.GetProperty("Destination")} {(mount.GetProperty("RW").GetBoolean() ? "rw" : "ro")}").Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Create_Ipv6Address_IsBoundThere()
    {
        var spec = NewSpec() with { NetworkMode = "bridge", Ports = [new PortBinding("::1", 28_122), new PortBinding("127.0.0.1", 28_122)] };
        await Engine.CreateAsync(spec, Token);
        await Engine.StartAsync(spec.Name, Token);
        using var made = await InspectRawAsync(spec.Name);

        Assert.Equal(["127.0.0.1:28122", "::1:28122"], Bindings(made.RootElement.GetProperty("HostConfig"), "28122/tcp"));
        Assert.Equal(["127.0.0.1:28122", "::1:28122"], Bindings(made.RootElement.GetProperty("NetworkSettings"), "28122/udp", "Ports"));
    }

    [Fact]
    public async Task Create_AndUpdate_OfAnIoWeight_IsInForceOrTheEngineSaysThatItIsNot()
    {
        List<EngineWarning> said = [];
        Engine.Warned += said.Add;
        var spec = NewSpec() with { Limits = new ContainerLimits { IoWeight = 300 } };
        await Engine.CreateAsync(spec, Token);
        Assert.Equal(said.Count == 0 ? 300 : 0, await WeightAsync());
        var atCreation = said.Count;
        await Engine.UpdateAsync(spec.Name, new ContainerLimits { IoWeight = 400 }, Token);
        Assert.Equal(said.Count == 0 ? 400 : 0, await WeightAsync());

        Assert.Equal(atCreation * 2, said.Count);
        Assert.All(said, warning => Assert.True(warning.IsNoIoWeight, warning.Text));

        async Task<int> WeightAsync()
        {
            using var made = await InspectRawAsync(spec.Name);
            return made.RootElement.GetProperty("HostConfig").GetProperty("BlkioWeight").GetInt32();
        }
    }

    [Fact]
    public async Task Create_NoLimits_LeavesThemOut()
    {
        var name = await CreateAsync();
        using var made = await InspectRawAsync(name);
        var host = made.RootElement.GetProperty("HostConfig");
        foreach (var limit in (string[])["Memory", "MemoryReservation", "MemorySwap", "CpuQuota", "CpuPeriod", "NanoCpus", "BlkioWeight"])
            Assert.Equal(0, host.GetProperty(limit).GetInt64());
        Assert.Equal(JsonValueKind.Null, host.GetProperty("PidsLimit").ValueKind);
        Assert.Equal("", host.GetProperty("CpusetCpus").GetString());
    }

    [Fact]
    public async Task Run_HardenedContainer_IsHeldByTheKernel()
    {
        var folder = await RealEngine.CreateFolderAsync(Token);
        try
        {
            var (_, console) = await RunAsync(NewSpec() with { Mounts = [new BindMount(folder, "/home/container", IsReadOnly: false)], Environment = new Dictionary<string, string> { ["STARTUP"] = "game {{MAP}}", ["MAP"] = "valley" } });
            Assert.Contains("Starting game valley", console.Text, StringComparison.Ordinal);
            await AnswersAsync(console, "id -u; id -g", "988\r\n988\r\n");
            await AnswersAsync(console, "touch /etc/x", "Read-only file system");
            await AnswersAsync(console, "echo kept > /home/container/file; cat /home/container/file", "kept\r\n");
            await AnswersAsync(console, "grep NoNewPrivs /proc/self/status", "NoNewPrivs:\t1");
            await AnswersAsync(console, "grep CapBnd /proc/self/status", "CapBnd:\t00000000000000e1"); // chown, kill, setgid, setuid
            await AnswersAsync(console, "printf '#!/bin/sh\\necho from tmp' > /tmp/x; chmod +x /tmp/x; /tmp/x", "from tmp\r\n");
            Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(folder, "file"), Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Create_MountSourceIsNotThere_IsRefusedInPlainWords()
    {
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => Engine.CreateAsync(NewSpec() with { Mounts = [new BindMount("/no/such/folder", "/home/container", false)] }, Token));
        Assert.Contains("/no/such/folder", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("{", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_LiveContainer_IsWhatTheEngineHolds()
    {
        var (name, _) = await RunAsync(NewSpec() with { Limits = new ContainerLimits { MemoryBytes = 64 << 20, MemorySwapBytes = 64 << 20, CpuQuota = 50_000, ProcessLimit = 50 } });
        await Engine.UpdateAsync(name, new ContainerLimits { MemoryBytes = 128 << 20, MemorySwapBytes = 128 << 20, CpuQuota = 75_000, ProcessLimit = 60 }, Token);
        await AssertLimitsAsync(name, 128 << 20, 75_000, 60);

        // Taken away: quota and processes. Kept, for want of a way: memory.
        await Engine.UpdateAsync(name, new ContainerLimits(), Token);
        await AssertLimitsAsync(name, 128 << 20, -1, 0);
    }

    private async Task AssertLimitsAsync(string name, long memory, long quota, long processes)
    {
        using var made = await InspectRawAsync(name);
        var host = made.RootElement.GetProperty("HostConfig");
        Assert.Equal(memory, host.GetProperty("Memory").GetInt64());
        Assert.Equal(quota, host.GetProperty("CpuQuota").GetInt64());
        Assert.Equal(processes, host.GetProperty("PidsLimit").GetInt64());
    }

    private static async Task AnswersAsync(ConsoleTap console, string command, string answer)
    {
        await console.TypeAsync($"run {command}", Token);
        await console.WaitForAsync(answer, Token);
    }

    private static async Task<JsonDocument> InspectRawAsync(string name)
        => JsonDocument.Parse(await HostCommand.RunAsync("docker", ["-H", RealEngine.Require().ToString(), "inspect", "-f", "{{json .}}", name], Token));

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(item => item.GetString()!);

    private static IEnumerable<string> Bindings(JsonElement part, string port, string name = "PortBindings")
        => part.GetProperty(name).GetProperty(port).EnumerateArray().Select(binding => $"{binding.GetProperty("HostIp").GetString()}:{binding.GetProperty("HostPort").GetString()}").Order();
}
