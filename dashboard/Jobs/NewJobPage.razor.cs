using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Dashboard.Layout;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Jobs;

public sealed partial class NewJobPage
{
    private const int NamesShown = 6;

    private readonly JobFormModel _form = new();
    // Of what is typed, not of one press: pressed twice, or again after an answer that never came, it is the same job.
    private JobId _id = JobId.New();
    private string? _message;
    private JobId? _inTheWay;
    private bool _isSending;

    /// <summary>What is chosen to begin with.</summary>
    [SupplyParameterFromQuery]
    public string? Action { get; set; }

    /// <summary>A host to begin with.</summary>
    [SupplyParameterFromQuery]
    public string? Host { get; set; }

    /// <summary>Words to begin with.</summary>
    [SupplyParameterFromQuery]
    public string? Text { get; set; }

    /// <summary>A state to begin with.</summary>
    [SupplyParameterFromQuery]
    public string? State { get; set; }

    /// <summary>Whether every server is meant to begin with.</summary>
    [SupplyParameterFromQuery]
    public string? All { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Viewer { get; set; }

    [Inject]
    private IFleet Servers { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ILogger<NewJobPage> Logger { get; set; } = default!;

    private FieldFaults Faults { get; } = new();

    private FittingCount FindFitting()
    {
        var selection = JobFormReader.ReadSelection(_form);
        var (count, names) = (0, new List<string>(NamesShown));
        foreach (var listing in Picture.Servers)
        {
            if (selection.Fits(listing.Snapshot) && ++count <= NamesShown)
                names.Add(listing.Snapshot.Name);
        }

        return new FittingCount(count, names);
    }

    private string Preview(FittingCount fitting)
    {
        if (fitting.Length == 0)
            return !Picture.IsLoaded ? "" : JobFormReader.ReadSelection(_form).IsEmpty ? "Choose which servers." : "No server fits.";
        var names = string.Join(", ", fitting.FirstNames);
        var rest = fitting.Length > NamesShown ? $" and {fitting.Length - NamesShown:N0} more" : "";
        return $"{Count(fitting.Length)}{(HasLabels ? ", as far as they have the labels" : "")}: {names}{rest}.";
    }

    // With labels it is known when the job is made.
    private string SubmitText(FittingCount fitting) => HasLabels ? $"{_form.Action} those that fit" : $"{_form.Action} {Count(fitting.Length)}";

    private bool HasLabels => _form.Labels.Trim().Length > 0;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        base.OnInitialized();
        if (Enum.TryParse<PowerAction>(Action, ignoreCase: true, out var action) && Enum.IsDefined(action))
            _form.Action = action;
        // One that is no state is said at its field.
        _form.State = Enum.TryParse<PowerState>(State, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state.ToString() : State ?? "";
        (_form.Host, _form.Text, _form.IsEveryServer) = (Host ?? "", Text ?? "", All is "true");
    }

    private void Change(Action change)
    {
        change();
        JobFormReader.Read(_form, Clock.Now, "", out var faults);
        if (Faults.IsSent)
            Faults.Send(faults);
        (_id, _message, _inTheWay) = (JobId.New(), null, null);
        StateHasChanged();
    }

    private async Task SendAsync()
    {
        // The second half of a double click.
        if (_isSending)
            return;
        var by = await Viewer.NameAsync();
        var request = JobFormReader.Read(_form, Clock.Now, by, out var faults);
        Faults.Send(faults);
        (_message, _inTheWay) = (null, null);
        if (!faults.IsEmpty)
            return;
        _isSending = true;
        try
        {
            if (!await IsSureAsync(request))
                return;
            var result = await Servers.CreateJobAsync(request, _id);
            if (result is { IsAccepted: true, Job: { } job })
            {
                Snackbar.Tell(result);
                Navigation.NavigateTo($"/jobs/{job}");
                return;
            }

            (_message, _inTheWay) = (result.Faults.IsEmpty ? result.Message : null, result.Job);
            Faults.Answer(result.Faults);
        }
        catch (Exception e)
        {
            LogNotMade(Logger, e);
            _message = "The program met a fault, its log says which. Whether the job was made is not known; sending again cannot make it twice.";
        }
        finally
        {
            _isSending = false;
        }
    }

    // What is lost by a mistake: unsaved worlds, or the evening of everybody who plays.
    private async Task<bool> IsSureAsync(JobRequest request)
    {
        if (request.Action == PowerAction.Start || (request.Action != PowerAction.Kill && !request.Selection.IsEveryServer))
            return true;
        return await Dialogs.ShowMessageBoxAsync(
            $"{SubmitText(FindFitting())}?",
            request.Action == PowerAction.Kill ? "They end at once: what they have not saved is lost." : "Who plays there is disconnected, a few servers at a time.",
            yesText: $"{request.Action}", cancelText: "Cancel") == true;
    }

    private static string Count(int servers) => servers == 1 ? "1 server" : $"{servers:N0} servers";

    private static string ActionHint(PowerAction action) => action switch
    {
        PowerAction.Restart => "Starts none that is stopped",
        PowerAction.Start => "Those that run are passed over",
        PowerAction.Stop => "By each one's stop rule; after its grace, a kill",
        _ => "At once: what is not saved is lost",
    };

    // How many servers of the picture are meant, and the first of them by name: the servers themselves are looked up when the job is made.
    private readonly record struct FittingCount(int Length, List<string> FirstNames);

    [LoggerMessage(LogLevel.Error, "A job could not be made.")]
    private static partial void LogNotMade(ILogger logger, Exception exception);
}
