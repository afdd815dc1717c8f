using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using MudBlazor;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Hosts;

/// <summary>A part of a host's page that changes something: what cannot be is said at its field, everything else at the edge.</summary>
public abstract partial class HostCard : ComponentBase
{
    /// <summary>The host, as the live picture has it.</summary>
    [Parameter, EditorRequired]
    public HostSnapshot Host { get; set; } = default!;

    /// <summary>The fleet.</summary>
    [Inject]
    protected IFleet Servers { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ILogger<HostCard> Logger { get; set; } = default!;

    /// <summary>Whether an answer is awaited.</summary>
    protected bool IsBusy { get; private set; }

    /// <summary>What is wrong with what was sent last.</summary>
    protected FieldFaults Faults { get; private set; } = new();

    /// <summary>What operators say of the host.</summary>
    protected HostSettings Settings => Host.Settings ?? new HostSettings();

    /// <summary>Asks, and says the answer.</summary>
    /// <returns>Whether it was done.</returns>
    protected async Task<bool> RunAsync(Func<IFleetHost, Task<ServerResult>> ask)
    {
        ServerResult? result = null;
        await AskAsync(async host => result = await ask(host));
        if (result is null)
            return false;
        if (result.Faults.IsEmpty)
            Snackbar.Tell(result);
        else
            Faults.Answer(result.Faults);
        return result.IsAccepted;
    }

    /// <summary>Asks, one question at a time. A surprise is logged, and said at the edge without its text.</summary>
    protected async Task AskAsync(Func<IFleetHost, Task> ask)
    {
        if (IsBusy)
            return;
        IsBusy = true;
        Faults = new FieldFaults();
        try
        {
            await ask(Servers.GetHost(Host.Id));
        }
        catch (Exception e)
        {
            LogNotChanged(Logger, e, Host.Id);
            Snackbar.TellFault();
        }
        finally
        {
            IsBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Host {Host} could not be asked or changed.")]
    private static partial void LogNotChanged(ILogger logger, Exception exception, HostId host);
}
