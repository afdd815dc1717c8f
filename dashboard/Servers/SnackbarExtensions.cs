using MudBlazor;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Says answers at the edge of the page: what went well goes by itself, what did not stays long enough to be read.</summary>
public static class SnackbarExtensions
{
    private const int FaultDuration = 12_000;

    /// <summary>The answer's sentence: calm when accepted, a warning when refused.</summary>
    public static void Tell(this ISnackbar snackbar, ServerResult result)
    {
        if (result.IsAccepted)
            snackbar.Add(result.Message, Severity.Normal, options => options.HideIcon = true);
        else
            snackbar.Add(result.Message, Severity.Warning, options => options.VisibleStateDuration = FaultDuration);
    }

    /// <summary>An exception in place of an answer; which one is in the log.</summary>
    public static void TellFault(this ISnackbar snackbar)
        => snackbar.Add("The program met a fault, its log says which. Whether it was done is not known: look at the state.",
            Severity.Error, options => options.VisibleStateDuration = FaultDuration);
}
