using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>
/// The program is killed with each call that it makes to the engine, before the engine heard of it and after it was
/// done, and begun again: what was accepted comes to its end, and the state shown is the true one.
/// </summary>
public sealed class ProgramKilledTests : IAsyncDisposable
{
    private const int MostCalls = 60;

    private readonly TempFolder _folder = new();
    private readonly List<HostProgram> _dead = [];

    private FakeContainerEngine _engine = new();
    private HostProgram? _program;

    public async ValueTask DisposeAsync()
    {
        await EndRoundAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_KilledAtEachStep_RunsInTheEnd(bool isCallDone)
        => await ForEachCallAsync(isCallDone, prepare: null, ask: program => program.AskAsync(PowerAction.Start), async program =>
        {
            await program.UntilAsync(PowerState.Running);
            Assert.Equal((1, true, true), (program.Worker.State.Run, program.Worker.State.IsWanted, Assert.Single(_engine.Containers).IsRunning));
        });

    [Theory]
    [InlineData(PowerAction.Stop, false)]
    [InlineData(PowerAction.Stop, true)]
    [InlineData(PowerAction.Kill, false)]
    [InlineData(PowerAction.Kill, true)]
    public async Task StopOrKill_KilledAtEachStep_IsOfflineInTheEnd(PowerAction action, bool isCallDone)
        => await ForEachCallAsync(isCallDone, RunAsync, program => program.AskAsync(action), async program =>
        {
            await program.UntilAsync(PowerState.Offline);
            Assert.Equal((1, false, false), (program.Worker.State.Run, program.Worker.State.IsWanted, Assert.Single(_engine.Containers).IsRunning));
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_KilledAtEachStep_RunsInTheEnd(bool isCallDone)
        => await ForEachCallAsync(isCallDone, RunAsync, program => program.AskAsync(PowerAction.Restart), async program =>
        {
            await HostProgram.UntilAsync(() => program.Worker.State is { Run: 2, Power: PowerState.Running }, "the second run");
            Assert.True(Assert.Single(_engine.Containers).IsRunning);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deletion_KilledAtEachStep_IsCarriedOutAndKeepsTheFiles(bool isCallDone)
        => await ForEachCallAsync(
            isCallDone,
            async program =>
            {
                await RunAsync(program);
                await File.WriteAllTextAsync(Path.Combine(program.Paths.Volume(ServerSamples.Id), "world"), "kept");
            },
            async program =>
            {
                await program.AddAsync(version: 2, isDeleted: true);
                return ServerResult.Accepted("");
            },
            async program =>
            {
                await HostProgram.UntilAsync(() => program.Worker.State.DeletedVersion == 2, "the deletion");
                Assert.Empty(_engine.Containers);
                Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(program.Paths.Trash(ServerSamples.Id), "world")));
                Assert.False(Directory.Exists(program.Paths.Volume(ServerSamples.Id)));
            });

    [Fact]
    public async Task RunningServer_AfterTheProgramWasKilled_RunsOnUnderTheSameRun()
    {
        var program = Begin();
        await program.AddAsync();
        await RunAsync(program);
        await DieAsync(program);

        program = Begin();
        await program.ResumedAsync();

        Assert.Equal((PowerState.Running, 1), (program.Worker.State.Power, program.Worker.State.Run));
        await program.SendAsync("hello");
        await HostProgram.UntilAsync(() => program.Worker.Console.ReadText(50).Contains("Unknown command: hello "), "the answer");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task RunningServer_AfterTheLedgerWasLostOrPutBack_IsTakenOverAsItIs(bool isPutBack, bool hasJournal)
    {
        var program = Begin();
        await program.AddAsync();
        await RunAsync(program);
        await program.AskAsync(PowerAction.Stop);
        await program.UntilAsync(PowerState.Offline);
        await DieAsync(program);
        var copy = await File.ReadAllBytesAsync(program.Paths.Ledger);
        program = Begin();
        await program.ResumedAsync();
        await RunAsync(program);
        Assert.Equal(2, program.Worker.State.Run);
        var before = program.Worker.GetSnapshot();
        await DieAsync(program);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(program.Paths.Ledger)!, "host.db*"))
            File.Delete(file);
        if (isPutBack)
            await File.WriteAllBytesAsync(program.Paths.Ledger, copy);
        if (!hasJournal)
            Directory.Delete(program.Paths.Console(ServerSamples.Id), recursive: true);

        program = Begin();
        await program.ResumedAsync();
        await program.AddAsync();

        await program.UntilAsync(PowerState.Running);
        Assert.Equal((2, true), (program.Worker.State.Run, program.Worker.State.HasProcess));
        Assert.True(program.Worker.State.Revision > before.Revision);
        Assert.True(Assert.Single(_engine.Containers).IsRunning);
        await program.SendAsync("hello");
        await HostProgram.UntilAsync(() => program.Worker.Console.ReadText(50).Contains("Unknown command: hello "), "the answer");
        Assert.Equal(2, program.Worker.Console.Head.Run);
    }

    [Fact]
    public async Task StartAfterTheLedgerWasPutBack_BeginsARunOfItsOwn()
    {
        var program = Begin();
        await program.AddAsync();
        await DieAsync(program);
        var copy = await File.ReadAllBytesAsync(program.Paths.Ledger);
        program = Begin();
        await program.ResumedAsync();
        await RunAsync(program);
        await program.AskAsync(PowerAction.Stop);
        await program.UntilAsync(PowerState.Offline);
        await DieAsync(program);
        await File.WriteAllBytesAsync(program.Paths.Ledger, copy);

        program = Begin();
        await program.ResumedAsync();
        await RunAsync(program);

        Assert.Equal(2, program.Worker.State.Run);
        Assert.Equal(2, program.Worker.Console.Head.Run);
    }

    [Fact]
    public async Task StoppedServer_AfterTheProgramWasKilled_StaysStopped()
    {
        var program = Begin();
        await program.AddAsync();
        await RunAsync(program);
        await program.AskAsync(PowerAction.Stop);
        await program.UntilAsync(PowerState.Offline);
        await DieAsync(program);

        program = Begin();
        await program.ResumedAsync();

        Assert.Equal((PowerState.Offline, false, 1), (program.Worker.State.Power, program.Worker.State.IsWanted, program.Worker.State.Run));
        Assert.False(Assert.Single(_engine.Containers).IsRunning);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public async Task ServerThatDiedMeanwhile_IsToldAsWhatItIsAndStartedAgain(int code)
    {
        var end = new TaskCompletionSource();
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync("Done (");
            if (end.Task.IsCompleted)
                await terminal.ReadLineAsync();
            await end.Task;
            return code;
        };
        var program = Begin();
        await program.AddAsync();
        await RunAsync(program);
        await DieAsync(program);
        end.SetResult();
        // With all that is told about it: the next program shall find the exit, not see it.
        await _engine.Containers[0].Exited;

        program = Begin();
        await HostProgram.UntilAsync(() => program.Worker.State.LastExit is not null, "the exit is known");

        Assert.Equal((code, false), (program.Worker.State.LastExit!.Code, program.Worker.State.LastExit.WasAskedFor));
        Assert.StartsWith($"The server's process ended by itself while OrleansWings or the engine was not running: exit code {code}.", program.Worker.State.Problem!.Message, StringComparison.Ordinal);
        await program.UntilAsync(PowerState.Running);
    }

    [Fact]
    public async Task Prompt_SaidWhileTheProgramWasDead_IsWholeOnceItIsAnswered()
    {
        var (ask, asked) = (new TaskCompletionSource(), new TaskCompletionSource());
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync("Done (");
            await ask.Task;
            await terminal.WriteAsync("name? ");
            asked.SetResult();
            await terminal.WriteLineAsync($"hello {await terminal.ReadLineAsync()}");
            await terminal.WriteAsync("bye? ");
            await terminal.ReadLineAsync();
            return 0;
        };
        var program = Begin();
        await program.AddAsync();
        await RunAsync(program);
        await DieAsync(program);
        ask.SetResult();
        await asked.Task;

        program = Begin();
        await program.ResumedAsync();
        await program.SendAsync("Ada");

        await HostProgram.UntilAsync(() => program.Worker.Console.ReadText(50).Contains("bye? "), "the next question");
        Assert.Equal(["Done (", "name? Ada", "hello Ada", "bye? "], program.Worker.Console.ReadText(50).Where(line => !line.Contains("OrleansWings", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LastWords_OfAServerThatDiedMeanwhile_AreOnItsConsole()
    {
        var end = new TaskCompletionSource();
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync("Done (");
            await end.Task;
            await terminal.WriteLineAsync("Out of disk");
            await terminal.WriteAsync("Good bye");
            return 0;
        };
        var program = Begin();
        await program.AddAsync(HostProgram.Game with { RestartOnCrash = false });
        await RunAsync(program);
        await DieAsync(program);
        end.SetResult();
        // With all that is told about it: the next program shall find the exit, not see it.
        await _engine.Containers[0].Exited;

        program = Begin();
        await program.UntilAsync(PowerState.Offline);

        Assert.Equal(["Done (", "Out of disk", "Good bye"], program.Worker.Console.ReadText(50).Where(line => !line.Contains("OrleansWings", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DoneLine_SaidWhileTheProgramWasDead_IsFound()
    {
        var up = new TaskCompletionSource();
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync("Loading");
            await up.Task;
            await terminal.WriteLineAsync("\e[1mDone\e[0m (2s)");
            await terminal.ReadLineAsync();
            return 0;
        };
        var program = Begin();
        await program.AddAsync();
        await program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => program.Worker.State.HasProcess, "the process");
        await DieAsync(program);
        up.SetResult();

        program = Begin();

        await program.UntilAsync(PowerState.Running);
    }

    [Fact]
    public async Task DoneLine_InThePlatformsOwnWords_DoesNotCount()
    {
        var program = Begin();
        _engine.Program = async terminal => { await terminal.ReadLineAsync(); return 1; };
        await program.AddAsync(HostProgram.Game with { DoneLines = ["started"], Image = "local/game:1" });
        _engine.AddImage("local/game:1");
        await program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => program.Worker.State.HasProcess, "the process");
        program.Worker.Console.WriteWings("It is started again.");
        await DieAsync(program);

        program = Begin();
        await program.ResumedAsync();

        Assert.Equal(PowerState.Starting, program.Worker.State.Power);
    }

    private async Task ForEachCallAsync(
        bool isCallDone, Func<HostProgram, Task>? prepare, Func<HostProgram, Task<ServerResult>> ask, Func<HostProgram, Task> check)
    {
        for (var call = 1; call <= MostCalls; call++)
        {
            await EndRoundAsync();
            _engine = new FakeContainerEngine();
            var program = Begin();
            await program.ResumedAsync();
            await program.AddAsync();
            if (prepare is not null)
                await prepare(program);

            program.Engine.DieWithCall(call, isCallDone);
            Assert.True((await ask(program)).IsAccepted);
            var isOver = check(program);
            if (await Task.WhenAny(program.Engine.Death, isOver) == isOver)
            {
                await isOver;
                Assert.True(call > 2, "The action was over before the program could be killed in it.");
                return;
            }

            _ = isOver.ContinueWith(static task => task.Exception, TaskScheduler.Default);
            await DieAsync(program);
            program = Begin();
            await check(program);
        }

        Assert.Fail($"More than {MostCalls} calls.");
    }

    private static async Task RunAsync(HostProgram program)
    {
        // Before it has found its engine a start is refused.
        await program.ResumedAsync();
        Assert.True((await program.AskAsync(PowerAction.Start)).IsAccepted);
        await program.UntilAsync(PowerState.Running);
    }

    private HostProgram Begin()
    {
        _program = new HostProgram(_folder.Path, _engine);
        return _program;
    }

    private async Task DieAsync(HostProgram program)
    {
        await program.KillAsync();
        _dead.Add(program);
        _program = null;
    }

    private async Task EndRoundAsync()
    {
        foreach (var dead in _dead)
            await dead.BuryAsync();
        _dead.Clear();
        if (_program is not null)
            await _program.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(_folder.Path, recursive: true);
        Directory.CreateDirectory(_folder.Path);
    }
}
