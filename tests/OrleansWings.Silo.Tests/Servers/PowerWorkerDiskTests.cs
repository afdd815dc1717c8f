using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Silo.Usages;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>A server fills its disk: warned at 90 %, stopped at 100 %, not started until there is room.</summary>
public sealed class PowerWorkerDiskTests : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private readonly TempFolder _folder = new();
    private readonly FakeContainerEngine _engine = new();
    private readonly HostProgram _program;
    private readonly DiskMeter _meter;

    public PowerWorkerDiskTests()
    {
        _program = new HostProgram(_folder.Path, _engine);
        _meter = new DiskMeter(_program.Servers, TimeProvider.System, NullLogger<DiskMeter>.Instance);
    }

    private ServerSnapshot Snapshot => _program.Worker.GetSnapshot();

    public async ValueTask InitializeAsync()
    {
        await _program.ResumedAsync();
        await _program.AddAsync(HostProgram.Game with { Limits = new ServerLimits { DiskMiB = 10 } });
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
    }

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _program.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task NearlyFull_IsWarnedOnce_AndGoesOn()
    {
        await WriteAndMeasureAsync(8);
        Assert.False(IsSaid("When they reach the limit"));
        await WriteAndMeasureAsync(9);
        await WriteAndMeasureAsync(9);

        Assert.Single(_program.Worker.Console.ReadText(50), line => line.Contains("of 10 MiB", StringComparison.Ordinal));
        Assert.Equal(PowerState.Running, Snapshot.State);
        Assert.InRange(Snapshot.FilesBytes!.Value, 9L * MiB, 9L * MiB + 65_536);
        Assert.Equal(10L * MiB, Snapshot.FilesLimitBytes);
    }

    [Fact]
    public async Task Full_IsStoppedWithTheReason_AndNotStartedUntilThereIsRoom()
    {
        await WriteAndMeasureAsync(10);
        await _program.UntilAsync(PowerState.Offline);
        Assert.Equal("The server's files take 10 of 10 MiB (100 %): its disk limit is reached. The server is stopped for that.", Snapshot.Problem!.Message);
        Assert.True(Snapshot.LastExit!.WasAskedFor);
        Assert.True(IsSaid("its disk limit is reached. The server is stopped."));

        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await HostProgram.UntilAsync(() => Snapshot is { State: PowerState.Offline, Problem.Message: var said } && said.EndsWith("Remove files, or raise the limit.", StringComparison.Ordinal), "the refusal");
        Assert.Equal(2, Snapshot.Run);

        // Nobody has measured since: the start does.
        File.Delete(FilePath);
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await _program.UntilAsync(PowerState.Running);
        Assert.Null(Snapshot.Problem);
        Assert.InRange(Snapshot.FilesBytes!.Value, 0, 65_536);
    }

    [Fact]
    public async Task Full_WhileItRestarts_IsNotStartedAgain()
    {
        await _program.AddAsync(HostProgram.Game with { Limits = new ServerLimits { DiskMiB = 10 }, Stop = new StopRule { Kind = StopKind.Command, Value = "nothing the game knows", Grace = TimeSpan.FromSeconds(4) } }, version: 2);
        await _program.AskAsync(PowerAction.Restart);
        await WriteAndMeasureAsync(12);
        await _program.UntilAsync(PowerState.Offline);
        Assert.Equal(1, Snapshot.Run);
        Assert.Contains("its disk limit is reached", Snapshot.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoLimit_NothingIsDone()
    {
        await _program.AddAsync(HostProgram.Game, version: 2);
        await WriteAndMeasureAsync(12);
        Assert.Equal((PowerState.Running, null), (Snapshot.State, Snapshot.Problem));
        Assert.InRange(Snapshot.FilesBytes!.Value, 12L * MiB, 13L * MiB);
    }

    [Fact]
    public async Task Meter_MeasuresWhoIsDue_AndStopsWhoIsFull()
    {
        await File.WriteAllBytesAsync(FilePath, new byte[10 * MiB]);
        await MeasureAllAsync();

        await _program.UntilAsync(PowerState.Offline);
        Assert.InRange(Snapshot.FilesBytes!.Value, 10L * MiB, 11L * MiB);
    }

    [Theory]
    [InlineData(2, 2, 298)]
    [InlineData(0.3, 40, 360)] // a cold disk
    [InlineData(0.3, 300, 1_000)]
    [InlineData(20, 300, 2_980)]
    public void Meter_PausesForTheCoreThatAStepTook_AndForTheDiskThatItKeptBusy(double cpu, double took, double pause)
        => Assert.Equal(TimeSpan.FromMilliseconds(pause), DiskMeter.PauseAfter(TimeSpan.FromMilliseconds(cpu), TimeSpan.FromMilliseconds(took)));

    private string FilePath => Path.Combine(_program.Paths.Volume(ServerSamples.Id), "world");

    private bool IsSaid(string text) => _program.Worker.Console.ReadText(50).Any(line => line.Contains(text, StringComparison.Ordinal));

    [Fact]
    public async Task Meter_AFolderOfManyFilesWithoutALimit_HoldsUpNobodysLimit()
    {
        var big = ServerId.New();
        await _program.Servers.AssignAsync(ServerSamples.Assignment with { Server = big, Spec = HostProgram.Game });
        foreach (var i in Enumerable.Range(0, 20_000))
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(_program.Paths.Volume(big), $"{i / 200}")).FullName, $"{i}"), "");
        // The first step begins with both.
        Assert.True(await _meter.MeasureNextAsync(CancellationToken.None));
        await File.WriteAllBytesAsync(FilePath, new byte[10 * MiB]);

        for (var i = 0; Snapshot.FilesBytes is null && i < 50; i++)
            Assert.True(await _meter.MeasureNextAsync(CancellationToken.None));

        Assert.NotNull(Snapshot.FilesBytes);
        Assert.Null(_program.Servers.Find(big)!.GetSnapshot().FilesBytes);
        await MeasureAllAsync();
        Assert.NotNull(_program.Servers.Find(big)!.GetSnapshot().FilesBytes);
    }

    [Fact]
    public async Task Meter_ManyFoldersWithoutALimitAtOnce_LeaveRoomForOneWithALimit()
    {
        await _program.AddAsync(HostProgram.Game, version: 2);
        for (var i = 0; i < 40; i++)
            await AddServerAsync(0);
        using var meter = new DiskMeter(_program.Servers, TimeProvider.System, NullLogger<DiskMeter>.Instance) { LongestStep = TimeSpan.Zero };
        // Each needs several steps, and begins before one with a limit is due.
        Assert.True(await meter.MeasureNextAsync(CancellationToken.None));
        var limited = await AddServerAsync(10);

        for (var i = 0; i < 5; i++)
            Assert.True(await meter.MeasureNextAsync(CancellationToken.None));

        Assert.NotNull(_program.Servers.Find(limited)!.GetSnapshot().FilesBytes);
        for (var i = 0; i < 1_000 && await meter.MeasureNextAsync(CancellationToken.None); i++)
        {
        }

        Assert.All(_program.Servers.All, worker => Assert.NotNull(worker.GetSnapshot().FilesBytes));
    }

    // 200 files are four steps of the shortest kind.
    private async Task<ServerId> AddServerAsync(long limitMiB)
    {
        var id = ServerId.New();
        await _program.Servers.AssignAsync(ServerSamples.Assignment with { Server = id, Spec = HostProgram.Game with { Limits = new ServerLimits { DiskMiB = limitMiB } } });
        var volume = Directory.CreateDirectory(_program.Paths.Volume(id)).FullName;
        for (var i = 0; i < 200; i++)
            await File.WriteAllTextAsync(Path.Combine(volume, $"{i}"), "");
        return id;
    }

    [Fact]
    public async Task Meter_AFolderThatCannotBeRead_IsNotTakenForEmpty()
    {
        await WriteAndMeasureAsync(5);
        // What not even root can open as a folder.
        var known = Snapshot.FilesBytes;
        var volume = _program.Paths.Volume(ServerSamples.Id);
        Directory.Move(volume, volume + ".away");
        await File.WriteAllTextAsync(volume, "");
        await MeasureAllAsync();
        Assert.Equal(known, Snapshot.FilesBytes);
        Assert.True(_program.Worker.AreFilesIncomplete);
        File.Delete(volume);
        Directory.Move(volume + ".away", volume);
    }

    [Fact]
    public async Task Meter_FoldersThatCannotBeCounted_AreSaid_AndKeepItFromStarting()
    {
        var deep = _program.Paths.Volume(ServerSamples.Id);
        for (var i = 0; i < 101; i++)
            deep = Path.Combine(deep, "x");
        Directory.CreateDirectory(deep);
        await File.WriteAllBytesAsync(Path.Combine(deep, "hidden"), new byte[12 * MiB]);
        await MeasureAllAsync();
        await using (var sampler = new UsageSampler(_program.Servers, new FakeUsageReader(_engine), TimeProvider.System, NullLogger<UsageSampler>.Instance))
            Assert.True(Assert.Single(await sampler.SampleAsync(CancellationToken.None)).Sample.AreFilesIncomplete);
        Assert.True(IsSaid("are nested over a hundred deep: what is in them is not counted to its disk limit."));
        Assert.Equal(PowerState.Running, Snapshot.State);

        await _program.AskAsync(PowerAction.Kill);
        await _program.UntilAsync(PowerState.Offline);
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await HostProgram.UntilAsync(() => Snapshot is { State: PowerState.Offline, Problem.Message: var said } && said.EndsWith("Make them readable, remove them, or take the limit away.", StringComparison.Ordinal), "the refusal");

        Directory.Delete(Path.Combine(_program.Paths.Volume(ServerSamples.Id), "x"), recursive: true);
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await _program.UntilAsync(PowerState.Running);
        Assert.False(_program.Worker.AreFilesIncomplete);
    }

    private async Task MeasureAllAsync()
    {
        while (await _meter.MeasureNextAsync(CancellationToken.None))
        {
        }
    }

    private async Task WriteAndMeasureAsync(int mebibytes)
    {
        await File.WriteAllBytesAsync(FilePath, new byte[mebibytes * MiB]);
        var measuring = _program.Worker.BeginMeasuring();
        _program.Worker.TakeFiles(measuring, await FolderScan.MeasureAsync(_program.Paths.Volume(ServerSamples.Id), CancellationToken.None));
    }
}
