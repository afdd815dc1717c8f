using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Usages;
using OrleansWings.Fleets;
using OrleansWings.Jobs;

namespace OrleansWings.Dashboard.Jobs;

public sealed partial class JobListPage : IDisposable
{
    private readonly Poller _poller = new(TimeSpan.FromSeconds(2));
    private ImmutableArray<JobSnapshot>? _jobs;
    private string? _fault;

    [Inject]
    private IFleet Fleet { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ILogger<JobListPage> Logger { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose() => _poller.Dispose();

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        await ReadAsync();
        if (RendererInfo.IsInteractive)
            _poller.Begin(Time, () => InvokeAsync(ReadAsync));
    }

    private async Task ReadAsync()
    {
        try
        {
            _jobs = await Fleet.ListJobsAsync();
            _fault = null;
        }
        catch (Exception e)
        {
            LogNotRead(Logger, e);
            _fault = "The jobs cannot be read at the moment. They go on by themselves.";
        }

        StateHasChanged();
    }

    private string Left(JobSnapshot job)
        => job.IsOver ? "–"
            : job is { State: JobState.Waiting, Request.NotBefore: { } from } ? $"begins {Format.Relative(from, Clock.Now)}"
            : job.TimeLeft is { } left ? $"about {Format.Duration(left)}"
            : "not known yet";

    [LoggerMessage(LogLevel.Warning, "The jobs could not be listed.")]
    private static partial void LogNotRead(ILogger logger, Exception exception);
}
