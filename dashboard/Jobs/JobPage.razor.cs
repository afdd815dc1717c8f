using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Dashboard.Usages;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Jobs;

public sealed partial class JobPage : IDisposable
{
    private const int PageSize = 200;

    private readonly Poller _poller = new(TimeSpan.FromSeconds(1));
    // Of one job's page, not of one press: pressed twice it is the same job.
    private (string Of, JobId Retry, JobId Undo) _next = ("", JobId.New(), JobId.New());
    private JobSnapshot? _job;
    private ImmutableArray<JobStepSnapshot> _steps = [];
    private JobStepState? _only;
    private int _page;
    private bool _isRead;
    private bool _isBusy;
    private string? _fault;

    /// <summary>The job's id, as it stands in the address.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [CascadingParameter]
    private Task<AuthenticationState>? Viewer { get; set; }

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ILogger<JobPage> Logger { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose() => _poller.Dispose();

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
            _poller.Begin(Time, () => InvokeAsync(ReadWhileOpenAsync));
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (_next.Of == Id)
            return Task.CompletedTask;
        // From one job's page to the next one's this component stays.
        _next = (Id, JobId.New(), JobId.New());
        (_job, _steps, _only, _page, _isRead, _fault) = (null, [], null, 0, false, null);
        return ReadAsync();
    }

    private Task ReadWhileOpenAsync() => _job is { IsOver: true } || (_isRead && _job is null) ? Task.CompletedTask : ReadAsync();

    private async Task ReadAsync()
    {
        var (id, only, page) = (Id, _only, _page);
        try
        {
            var job = JobId.TryParse(id, null, out var parsed) ? await Fleet.GetJob(parsed).GetSnapshotAsync() : null;
            var steps = job is null ? [] : await Fleet.GetJob(parsed).ReadStepsAsync(only, page * PageSize, PageSize);
            // Somebody looks at something else by now, which has a question of its own.
            if ((id, only, page) != (Id, _only, _page))
                return;
            (_job, _steps, _isRead, _fault) = (job, steps, true, null);
        }
        catch (Exception e)
        {
            LogNotRead(Logger, e, id);
            _fault = "The job cannot be read at the moment. It goes on by itself.";
        }

        StateHasChanged();
    }

    private Task ShowAsync(JobStepState? only)
    {
        (_only, _page) = (only, 0);
        return ReadAsync();
    }

    private Task TurnAsync(int page)
    {
        _page = page;
        return ReadAsync();
    }

    private int CountOf(JobSnapshot job) => _only is { } only ? job.Count(only) : job.Total;

    private int Pages(JobSnapshot job) => (CountOf(job) + PageSize - 1) / PageSize;

    private Task CancelAsync() => AskAsync(job => job.CancelAsync());

    private Task RetryAsync() => AskForAnotherAsync((job, by) => job.RetryAsync(_next.Retry, by));

    private Task UndoAsync() => AskForAnotherAsync((job, by) => job.UndoAsync(_next.Undo, by));

    private async Task AskForAnotherAsync(Func<IJob, string, Task<ServerResult>> ask)
    {
        var by = await Viewer.NameAsync();
        if (await AskAsync(job => ask(job, by)) is { IsAccepted: true, Job: { } made })
            Navigation.NavigateTo($"/jobs/{made}");
    }

    private async Task<ServerResult?> AskAsync(Func<IJob, Task<ServerResult>> ask)
    {
        if (_isBusy || _job is null)
            return null;
        _isBusy = true;
        try
        {
            var result = await ask(Fleet.GetJob(_job.Id));
            Snackbar.Tell(result);
            await ReadAsync();
            return result;
        }
        catch (Exception e)
        {
            LogNotAsked(Logger, e, _job.Id);
            Snackbar.TellFault();
            return null;
        }
        finally
        {
            _isBusy = false;
        }
    }

    private static bool CanRetry(JobSnapshot job) => job is { IsOver: true, RetriedBy: null } && job.Count(JobStepState.Failed) + job.Count(JobStepState.Cancelled) > 0;

    private static bool CanUndo(JobSnapshot job)
        => job is { IsOver: true, UndoneBy: null, Request.Action: PowerAction.Stop or PowerAction.Kill } && (job.Count(JobStepState.Done) > 0 || job.Request.DrainedHost is not null);

    private static string UndoText(JobSnapshot job)
    {
        var start = job.Count(JobStepState.Done) is > 0 and var count ? $"start {count:N0} again" : null;
        return job.Request.DrainedHost is null ? $"Undo: {start}" : start is null ? "End maintenance" : $"End maintenance, {start}";
    }

    private string Facts(JobSnapshot job)
    {
        var pace = job.Request.Pace;
        var facts = new List<string?>
        {
            job.Request.By is { Length: > 0 } by ? $"By {by}, {Clock.Say(job.CreatedAt)}" : $"Made {Clock.Say(job.CreatedAt)}",
            job.EndedAt is { } ended ? $"over {Clock.Say(ended)}, after {Format.Duration(ended - job.CreatedAt)}" : null,
            job.Request.NotBefore is { } from && !job.IsOver ? $"not before {Clock.Say(from)}" : null,
            job.Request.NotAfter is { } until && !job.IsOver ? $"none is begun after {Clock.Say(until)}" : null,
            $"{pace.MaxParallel} at once, {pace.MaxParallelPerHost} of one host",
            $"each at most {JobWords.Span(pace.StepTimeout)}",
            job.Request.Action is PowerAction.Start or PowerAction.Restart && pace.MinRunningTime > TimeSpan.Zero ? $"and has to stay running for {JobWords.Span(pace.MinRunningTime)}" : null,
            pace.MaxWaitForPlayers > TimeSpan.Zero && job.Request.Action != PowerAction.Start ? $"waits at most {JobWords.Span(pace.MaxWaitForPlayers)} for players, then leaves their servers running" : null,
            pace.StopAfterFailures > 0 ? $"stops after {pace.StopAfterFailures} failures" : "goes on whatever fails",
        };
        return string.Join("; ", facts.OfType<string>()) + ".";
    }

    [LoggerMessage(LogLevel.Warning, "Job '{Job}' could not be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, string job);

    [LoggerMessage(LogLevel.Error, "Job {Job} could not be asked.")]
    private static partial void LogNotAsked(ILogger logger, Exception exception, JobId job);
}
