using System.Collections.Immutable;
using System.Globalization;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Jobs;

/// <summary>Makes a request of what was typed: pure.</summary>
public static class JobFormReader
{
    private const double MaxMinutes = 60 * 24 * 31;

    /// <summary>The request, and every fault at its field.</summary>
    /// <param name="form">What was typed.</param>
    /// <param name="now">The time.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="faults">What cannot be.</param>
    public static JobRequest Read(JobFormModel form, DateTimeOffset now, string by, out ImmutableArray<SpecFault> faults)
    {
        var found = ImmutableArray.CreateBuilder<SpecFault>();
        var notBefore = form.BeginInMinutes.Trim().Length == 0 ? (DateTimeOffset?)null : now.AddMinutes(Minutes("NotBefore", form.BeginInMinutes, 0));
        var request = new JobRequest
        {
            Action = form.Action,
            Title = form.Title.Trim(),
            By = by,
            Selection = ReadSelection(form, found),
            Pace = new JobPace
            {
                MaxParallel = Whole("Pace.MaxParallel", form.MaxParallel),
                MaxParallelPerHost = Whole("Pace.MaxParallelPerHost", form.MaxParallelPerHost),
                StepTimeout = TimeSpan.FromMinutes(Minutes("Pace.StepTimeout", form.StepMinutes, 0)),
                MinRunningTime = TimeSpan.FromSeconds(Whole("Pace.MinRunningTime", form.HoldSeconds)),
                StopAfterFailures = Whole("Pace.StopAfterFailures", form.StopAfterFailures),
                MaxWaitForPlayers = form.PlayersMinutes.Trim().Length == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(Minutes("Pace.MaxWaitForPlayers", form.PlayersMinutes, 0)),
            },
            NotBefore = notBefore,
            NotAfter = form.LastMinutes.Trim().Length == 0 ? null : (notBefore ?? now).AddMinutes(Minutes("NotAfter", form.LastMinutes, 1)),
        };
        // A field that is no number has been told so already, and so has a selection that could not be read.
        var isRead = !found.Any(fault => fault.Field is "Host" or "State" or "Labels");
        found.AddRange(JobRequestValidator.Check(request).Where(fault => !found.Any(other => other.Field == fault.Field) && (isRead || fault.Field != nameof(request.Selection))));
        faults = found.ToImmutable();
        return request;

        int Whole(string field, string text)
        {
            if (int.TryParse(text.Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
                return number;
            found.Add(new SpecFault(field, $"'{Short(text)}' is not a whole number."));
            return 1;
        }

        double Minutes(string field, string text, double least)
        {
            if (double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= MaxMinutes)
                return number;
            found.Add(new SpecFault(field, $"'{Short(text)}' is no number of minutes from {least:0} to {MaxMinutes:N0}."));
            return 1;
        }
    }

    /// <summary>The usual pace with a wait for players.</summary>
    /// <param name="minutes">As it is typed; "" for no wait.</param>
    /// <param name="fault">What cannot be; null when nothing is wrong.</param>
    public static JobPace ReadPlayers(string minutes, out string? fault)
    {
        var request = Read(new JobFormModel { IsEveryServer = true, PlayersMinutes = minutes }, DateTimeOffset.UnixEpoch, "", out var faults);
        fault = faults.FirstOrDefault(one => one.Field == "Pace.MaxWaitForPlayers")?.Message;
        return request.Pace;
    }

    /// <summary>Which servers are meant; faults of the labels only.</summary>
    public static ServerSelection ReadSelection(JobFormModel form, ImmutableArray<SpecFault>.Builder? faults = null)
    {
        var labels = LabelText.Read(form.Labels, out var fault);
        if (fault is not null)
            faults?.Add(new SpecFault("Labels", fault));
        // An address that cannot be read must select nobody, and not everybody.
        var (host, state) = (default(HostId), default(PowerState));
        var isHost = form.Host.Length == 0 || HostId.TryParse(form.Host, null, out host);
        var isState = form.State.Length == 0 || (Enum.TryParse(form.State, out state) && Enum.IsDefined(state));
        if (!isHost)
            faults?.Add(new SpecFault("Host", $"'{Short(form.Host)}' is not a host's name."));
        if (!isState)
            faults?.Add(new SpecFault("State", $"'{Short(form.State)}' is no power state."));
        if (!isHost || !isState || fault is not null)
            return new ServerSelection();
        return new ServerSelection
        {
            IsEveryServer = form.IsEveryServer,
            Hosts = form.Host.Length > 0 ? [host] : [],
            Labels = labels,
            Text = form.Text.Trim(),
            State = form.State.Length > 0 ? state : null,
        };
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
