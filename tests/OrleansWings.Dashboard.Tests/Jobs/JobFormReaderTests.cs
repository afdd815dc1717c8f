using OrleansWings.Dashboard.Jobs;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Jobs;

public sealed class JobFormReaderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_EveryField_IsInTheRequest()
    {
        var form = new JobFormModel
        {
            Action = PowerAction.Stop,
            Host = "eu-1",
            Labels = "a=b, c=d",
            Text = " lobby ",
            State = "Running",
            Title = " Night ",
            MaxParallel = "7",
            MaxParallelPerHost = "3",
            StepMinutes = "2.5",
            HoldSeconds = "0",
            StopAfterFailures = "0",
            PlayersMinutes = "45",
            BeginInMinutes = "30",
            LastMinutes = "60",
        };

        var request = JobFormReader.Read(form, s_now, "eve", out var faults);

        Assert.Empty(faults);
        Assert.Equal((PowerAction.Stop, "Night", "eve"), (request.Action, request.Title, request.By));
        Assert.Equal(new HostId("eu-1"), Assert.Single(request.Selection.Hosts));
        Assert.Equal(("lobby", PowerState.Running, "b", "d"), (request.Selection.Text, request.Selection.State, request.Selection.Labels["a"], request.Selection.Labels["c"]));
        Assert.Equal(new JobPace { MaxParallel = 7, MaxParallelPerHost = 3, StepTimeout = TimeSpan.FromSeconds(150), MinRunningTime = TimeSpan.Zero, StopAfterFailures = 0, MaxWaitForPlayers = TimeSpan.FromMinutes(45) }, request.Pace);
        Assert.Equal((s_now.AddMinutes(30), s_now.AddMinutes(90)), (request.NotBefore, request.NotAfter));
    }

    [Theory]
    [InlineData(nameof(JobFormModel.MaxParallel), "many", "Pace.MaxParallel", "'many' is not a whole number.")]
    [InlineData(nameof(JobFormModel.MaxParallel), "0", "Pace.MaxParallel", "0 servers at once cannot be: 1 to 100.")]
    [InlineData(nameof(JobFormModel.MaxParallelPerHost), "101", "Pace.MaxParallelPerHost", "101 servers of one host at once cannot be: 1 to 100.")]
    [InlineData(nameof(JobFormModel.StepMinutes), "NaN", "Pace.StepTimeout", "'NaN' is no number of minutes from 0 to 44,640.")]
    [InlineData(nameof(JobFormModel.StepMinutes), "0.1", "Pace.StepTimeout", "6 seconds for one server cannot be: 10 seconds to 24 hours.")]
    [InlineData(nameof(JobFormModel.HoldSeconds), "-1", "Pace.MinRunningTime", "-1 seconds of running cannot be: 0 seconds to 10 minutes.")]
    [InlineData(nameof(JobFormModel.StopAfterFailures), "-1", "Pace.StopAfterFailures", "-1 failures cannot be: 0 for never, or up to 10,000.")]
    [InlineData(nameof(JobFormModel.PlayersMinutes), "-1", "Pace.MaxWaitForPlayers", "'-1' is no number of minutes from 0 to 44,640.")]
    [InlineData(nameof(JobFormModel.PlayersMinutes), "1441", "Pace.MaxWaitForPlayers", "1441 minutes for players cannot be: 0 for not looking at them, or up to 24 hours.")]
    [InlineData(nameof(JobFormModel.BeginInMinutes), "soon", "NotBefore", "'soon' is no number of minutes from 0 to 44,640.")]
    [InlineData(nameof(JobFormModel.LastMinutes), "0", "NotAfter", "'0' is no number of minutes from 1 to 44,640.")]
    [InlineData(nameof(JobFormModel.Host), "no host!", "Host", "'no host!' is not a host's name.")]
    [InlineData(nameof(JobFormModel.State), "Sleeping", "State", "'Sleeping' is no power state.")]
    [InlineData(nameof(JobFormModel.Labels), "winter", "Labels", "'winter' is not a label: write it as name=value.")]
    public void Read_WhatCannotBe_IsSaidAtItsField(string property, string text, string field, string message)
    {
        var form = new JobFormModel { IsEveryServer = true };
        typeof(JobFormModel).GetProperty(property)!.SetValue(form, text);
        var request = JobFormReader.Read(form, s_now, "", out var faults);
        // What cannot be read never selects everybody.
        Assert.Equal(field is "Host" or "State" or "Labels", request.Selection.IsEmpty);
        Assert.Equal(new SpecFault(field, message), Assert.Single(faults));
    }
}
