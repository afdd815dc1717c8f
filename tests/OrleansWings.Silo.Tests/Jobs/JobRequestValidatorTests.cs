using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Jobs;

public sealed class JobRequestValidatorTests
{
    private static readonly JobRequest s_fine = new() { Action = PowerAction.Restart, Selection = new ServerSelection { IsEveryServer = true } };

    public static TheoryData<JobRequest, string, string> Faulty => new()
    {
        { s_fine with { Action = (PowerAction)9 }, "Action", "9 is no power action." },
        { s_fine with { Title = new string('x', 81) }, "Title", $"'{new string('x', 80)}' cannot be: at most 80 characters, on one line." },
        { s_fine with { By = "a\nb" }, "By", "'a\nb' cannot be: at most 80 characters, on one line." },
        { s_fine with { Title = null! }, "Title", "'' cannot be: at most 80 characters, on one line." },
        { s_fine with { Selection = new ServerSelection() }, "Selection", "Nothing is selected: name servers, a host, a label or a part of a name, or say that every server is meant." },
        { s_fine with { Selection = null! }, "Selection", "Nothing is selected: name servers, a host, a label or a part of a name, or say that every server is meant." },
        { s_fine with { Selection = new ServerSelection { Hosts = [default] } }, "Selection", "The list of hosts cannot be: at most 1,000, each with a name." },
        { s_fine with { Selection = new ServerSelection { State = (PowerState)7 } }, "Selection", "7 is no power state." },
        { s_fine with { Selection = new ServerSelection { Text = new string('x', 201) } }, "Selection", $"'{new string('x', 80)}…' is 201 characters long; at most 200." },
        { s_fine with { Pace = null! }, "Pace", "There is no pace." },
        { s_fine with { Pace = new JobPace { MaxParallel = 101 } }, "Pace.MaxParallel", "101 servers at once cannot be: 1 to 100." },
        { s_fine with { Pace = new JobPace { MaxParallelPerHost = 0 } }, "Pace.MaxParallelPerHost", "0 servers of one host at once cannot be: 1 to 100." },
        { s_fine with { Pace = new JobPace { StepTimeout = TimeSpan.FromSeconds(9) } }, "Pace.StepTimeout", "9 seconds for one server cannot be: 10 seconds to 24 hours." },
        { s_fine with { Pace = new JobPace { StepTimeout = TimeSpan.FromDays(2) } }, "Pace.StepTimeout", "172800 seconds for one server cannot be: 10 seconds to 24 hours." },
        { s_fine with { Pace = new JobPace { MinRunningTime = TimeSpan.FromSeconds(601) } }, "Pace.MinRunningTime", "601 seconds of running cannot be: 0 seconds to 10 minutes." },
        { s_fine with { Pace = new JobPace { MinRunningTime = TimeSpan.FromSeconds(20), StepTimeout = TimeSpan.FromSeconds(20) } }, "Pace.MinRunningTime", "A server that has to run for 20 seconds needs more than 20 seconds." },
        { s_fine with { Pace = new JobPace { StopAfterFailures = 10_001 } }, "Pace.StopAfterFailures", "10001 failures cannot be: 0 for never, or up to 10,000." },
        { s_fine with { Pace = new JobPace { MaxWaitForPlayers = TimeSpan.FromMinutes(1_441) } }, "Pace.MaxWaitForPlayers", "1441 minutes for players cannot be: 0 for not looking at them, or up to 24 hours." },
        { s_fine with { NotBefore = At(2), NotAfter = At(1) }, "NotAfter", "It would end (2026-11-28 01:00:00Z) before it begins (2026-11-28 02:00:00Z)." },
    };

    [Fact]
    public void Check_Defaults_AreFine() => Assert.Empty(JobRequestValidator.Check(s_fine));

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Check_WhatCannotBe_IsNamed(JobRequest request, string field, string message)
        => Assert.Equal(new SpecFault(field, message), Assert.Single(JobRequestValidator.Check(request)));

    private static DateTimeOffset At(int hour) => new(2026, 11, 28, hour, 0, 0, TimeSpan.Zero);
}
