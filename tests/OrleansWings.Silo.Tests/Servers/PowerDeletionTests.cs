using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Wishes of the record: spec, deletion, its undoing.</summary>
public sealed class PowerDeletionTests
{
    [Fact]
    public void DeletionFailed_TheSameAgain_IsNotWrittenAgain()
    {
        var failed = ServerSamples.DeletedIn("offline").Next(new PowerInput.DeletionFailed("The disk is full.")).Next;

        Assert.Equal("The disk is full.", failed.Problem!.Message);
        Assert.Same(failed, failed.Next(new PowerInput.DeletionFailed("The disk is full.")).Next);
        Assert.Equal("The folder is gone.", failed.Next(new PowerInput.DeletionFailed("The folder is gone.")).Next.Problem!.Message);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    [InlineData(0, 9)]
    public void Assigned_WhenNotNewer_ChangesNothing(long epoch, long version)
    {
        foreach (var name in ServerSamples.All)
        {
            var state = ServerSamples.In(name);
            var older = ServerSamples.Deleted() with { Epoch = epoch, Version = version };
            Assert.Equal(new PowerTransition(state), state.Next(new PowerInput.Assigned(older)));
        }
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 1)]
    public void Assigned_WhenNewer_IsKeptForTheNextStart(long epoch, long version)
    {
        foreach (var name in ServerSamples.All)
        {
            var state = ServerSamples.In(name);
            var newer = ServerSamples.Assignment with { Epoch = epoch, Version = version };

            var transition = state.Next(new PowerInput.Assigned(newer));

            Assert.Equal(PowerEffects.None, transition.Effects);
            Assert.Equal(state with { Assignment = newer, Revision = 41 }, transition.Next);
        }
    }

    [Fact]
    public void Deletion_WhenOffline_IsCarriedOut()
    {
        var transition = ServerSamples.In("offline").Next(new PowerInput.Assigned(ServerSamples.Deleted()));

        Assert.Equal((PowerEffects.Delete, PowerState.Offline), (transition.Effects, transition.Next.Power));
    }

    [Theory]
    [InlineData("starting", PowerEffects.CancelStart)]
    [InlineData("starting with process", PowerEffects.SendStop)]
    [InlineData("running", PowerEffects.SendStop)]
    public void Deletion_WhenStartingOrRunning_StopsWithAShortGrace(string name, PowerEffects effects)
    {
        var transition = ServerSamples.In(name).Next(new PowerInput.Assigned(ServerSamples.Deleted()));

        Assert.Equal(effects, transition.Effects);
        Assert.Equal((PowerState.Stopping, ServerSamples.Now + PowerStateMachine.DeletionGrace, false),
            (transition.Next.Power, transition.Next.StopDeadline, transition.Next.IsWanted));
    }

    [Fact]
    public void Deletion_WhenTheSpecsGraceIsShorter_KeepsIt()
    {
        var grace = TimeSpan.FromSeconds(3);
        var state = ServerSamples.In("running") with { Assignment = ServerSamples.With(spec => spec with { Stop = spec.Stop with { Grace = grace } }) };

        var transition = state.Next(new PowerInput.Assigned(state.Assignment with { Version = 9, DeletedAt = ServerSamples.Now }));

        Assert.Equal(ServerSamples.Now + grace, transition.Next.StopDeadline);
    }

    [Theory]
    [InlineData("stopping")]
    [InlineData("stopping without process")]
    [InlineData("restarting")]
    [InlineData("killing")]
    public void Deletion_WhenStopping_ShortensTheWaitAndStartsNothingAfterIt(string name)
    {
        var transition = ServerSamples.In(name).Next(new PowerInput.Assigned(ServerSamples.Deleted()));

        Assert.Equal(PowerEffects.WatchDeadline, transition.Effects);
        Assert.Equal(ServerSamples.Now + PowerStateMachine.DeletionGrace, transition.Next.StopDeadline);
        Assert.False(transition.Next.IsRestarting || transition.Next.IsWanted);
    }

    [Fact]
    public void Deletion_WhenTheStopEndsSooner_KeepsTheNearerDeadline()
    {
        var soon = ServerSamples.Now.AddSeconds(5);
        var state = ServerSamples.In("stopping") with { StopDeadline = soon };

        Assert.Equal(soon, state.Next(new PowerInput.Assigned(ServerSamples.Deleted())).Next.StopDeadline);
    }

    [Theory]
    [InlineData("stopping")]
    [InlineData("killing")]
    public void ExitedOrStartEnded_WhenDeleted_CarriesTheDeletionOut(string name)
    {
        var exited = ServerSamples.DeletedIn(name).Next(new PowerInput.Exited(ServerSamples.Run, new ContainerExit(0, false, ServerSamples.Now), false));
        var ended = ServerSamples.DeletedIn(name + " without process").Next(new PowerInput.StartEnded(ServerSamples.Run, null));

        Assert.Equal((PowerState.Offline, PowerEffects.Delete), (exited.Next.Power, exited.Effects));
        Assert.Equal((PowerState.Offline, PowerEffects.Delete), (ended.Next.Power, ended.Effects));
    }

    [Fact]
    public void StopAndKill_WhenDeletedAndStopping_StillAnswerTrue()
    {
        var state = ServerSamples.DeletedIn("stopping");

        Assert.Equal(ServerRefusal.AlreadyStopping, state.Ask(PowerAction.Stop).Reply!.Refusal);
        Assert.True(state.Ask(PowerAction.Kill).Next.IsDeleted);
        Assert.True(state.Ask(PowerAction.Kill).Next.IsKilling);
    }

    [Fact]
    public void Undeletion_InEveryState_BringsTheFilesBackAndNoProcess()
    {
        foreach (var name in ServerSamples.All)
        {
            var state = ServerSamples.DeletedIn(name) with { DeletedVersion = 4, Problem = new ServerProblem("Disk.", ServerSamples.Since) };

            var transition = state.Next(new PowerInput.Assigned(ServerSamples.Assignment with { Version = 5 }));

            Assert.Equal(PowerEffects.Undelete, transition.Effects);
            Assert.Equal((state.Power, 0L, state.IsWanted), (transition.Next.Power, transition.Next.DeletedVersion, transition.Next.IsWanted));
            Assert.Null(transition.Next.Problem);
        }
    }

    [Fact]
    public void Undeletion_WhileStopping_EndsOfflineAndDeletesNothing()
    {
        var undeleted = ServerSamples.DeletedIn("stopping").Next(new PowerInput.Assigned(ServerSamples.Assignment with { Version = 5 })).Next;

        var transition = undeleted.Next(new PowerInput.Exited(ServerSamples.Run, new ContainerExit(0, false, ServerSamples.Now), false));

        Assert.Equal((PowerState.Offline, PowerEffects.None), (transition.Next.Power, transition.Effects));
    }

    [Fact]
    public void DeletionDone_OfTheWish_IsRemembered()
        => Assert.Equal(4, ServerSamples.DeletedIn("offline").Next(new PowerInput.DeletionDone(4)).Next.DeletedVersion);

    [Fact]
    public void DeletionDone_OfAnOlderWish_IsPassedOver()
    {
        var undeleted = ServerSamples.In("offline");
        var deletedAgain = undeleted with { Assignment = ServerSamples.Deleted(9) };

        Assert.Equal(new PowerTransition(undeleted), undeleted.Next(new PowerInput.DeletionDone(3)));
        Assert.Equal(new PowerTransition(deletedAgain), deletedAgain.Next(new PowerInput.DeletionDone(4)));
    }

    [Fact]
    public void DeletionFailed_InAnyState_IsShown()
        => Assert.Equal(new ServerProblem("Disk.", ServerSamples.Now), ServerSamples.DeletedIn("offline").Next(new PowerInput.DeletionFailed("Disk.")).Next.Problem);
}
