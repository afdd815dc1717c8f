using MudBlazor;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Says answers at the edge of the page.</summary>
public static class SnackbarExtensions
{
    /// <summary>The answer's sentence: calm when accepted, a warning when refused.</summary>
    public static void Tell(this ISnackbar snackbar, ServerResult result)
        => snackbar.Add(result.Message, result.IsAccepted ? Severity.Normal : Severity.Warning, options => options.HideIcon = result.IsAccepted);
}
