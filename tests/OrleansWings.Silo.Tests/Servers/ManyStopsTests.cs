using System.Collections.Concurrent;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The peer's fault 2: its stop of a hundred servers was "done" while 83 of them still ran.</summary>
public sealed class ManyStopsTests : IAsyncDisposable
{
    private const int Servers = 100;

    private readonly TempFolder _folder = new();
    private readonly FakeContainerEngine _engine = new();
    private readonly HostProgram _program;

    public ManyStopsTests() => _program = new HostProgram(_folder.Path, _engine);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task StopOfAHundredAtOnce_NoneIsOfflineWhileItsProcessRuns()
    {
        // As a game that saves its world: told to stop, it lives on a while.
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync("Done (");
            await terminal.ReadLineAsync();
            await terminal.DelayAsync(TimeSpan.FromMilliseconds(500));
            return 0;
        };
        await _program.ResumedAsync();
        ServerId[] ids = [.. Enumerable.Range(0, Servers).Select(_ => ServerId.New())];
        foreach (var id in ids)
            await _program.Servers.AssignAsync(ServerSamples.Assignment with { Server = id, Spec = HostProgram.Game, Version = 1 });
        await Task.WhenAll(_program.Servers.All.Select(worker => worker.RequestAsync(PowerAction.Start)));
        await HostProgram.UntilAsync(() => _program.Servers.All.All(worker => worker.State.Power == PowerState.Running), "all running");

        var (offline, early) = (new ConcurrentDictionary<ServerId, bool>(), new ConcurrentBag<ServerId>());
        _program.Servers.Changed += snapshot =>
        {
            if (snapshot.State != PowerState.Offline)
                return;
            offline[snapshot.Id] = true;
            if (_engine.Find(snapshot.Id.ToString()) is { IsRunning: true })
                early.Add(snapshot.Id);
        };
        var answers = await Task.WhenAll(_program.Servers.All.Select(worker => worker.RequestAsync(PowerAction.Stop)));

        // The end of the terminal is not the end of the process.
        foreach (var container in _engine.Containers)
            container.CutAttachments();
        Assert.All(answers, answer => Assert.True(answer.IsAccepted));
        await HostProgram.UntilAsync(() => offline.Count == Servers, "all offline");
        Assert.Empty(early);
        Assert.DoesNotContain(_engine.Containers, container => container.IsRunning);
    }
}
