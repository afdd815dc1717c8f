using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using OrleansWings.Allocations;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Hosts;

/// <summary>The host's pools, and who holds which port.</summary>
public sealed partial class HostPoolsCard
{
    private ImmutableArray<HeldAllocation> _allocations = [];
    private (int? Pool, int? Free, int Servers) _seen = (null, null, -1);
    private string _address = "0.0.0.0";
    private string _first = "";
    private string _last = "";
    private string _note = "";
    private string? _fault;

    [Inject]
    private ILogger<HostPoolsCard> Logger { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // The list is asked for when the picture says that it may be another one, not with each of its seconds.
        var now = (Host.Capacity?.PoolPorts, Host.Capacity?.FreePoolPorts, Host.ServerCount);
        if (_seen == now)
            return;
        _seen = now;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            _allocations = await Servers.GetHost(Host.Id).ListAllocationsAsync();
            _fault = null;
        }
        catch (Exception e)
        {
            // What was listed last stays, and so does the rest of the page.
            LogListFailed(Logger, e, Host.Id);
            _fault = "Who holds which port cannot be read at the moment.";
        }
    }

    private int Held(AllocationPool pool) => _allocations.Where(held => held.Server is not null && pool.Overlaps(held.Port)).DistinctBy(held => held.Port.Port).Count();

    private async Task AddAsync()
    {
        var pool = new AllocationPool { Address = _address.Trim(), FirstPort = Port(_first), LastPort = Port(_last), Note = _note.Trim() };
        if (!await RunAsync(host => host.AddPoolAsync(pool)))
            return;
        _first = _last = _note = "";
        await LoadAsync();
    }

    private async Task RemoveAsync(AllocationPool pool)
    {
        if (await RunAsync(host => host.RemovePoolAsync(pool)))
            await LoadAsync();
    }

    private async Task NoteAsync(Allocation port, ChangeEventArgs change)
    {
        await RunAsync(host => host.SetNoteAsync(port, change.Value as string ?? ""));
        await LoadAsync();
    }

    // What is no number is no port either: the validator says so at the field.
    private static int Port(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;

    [LoggerMessage(LogLevel.Warning, "The ports of host {Host} could not be listed.")]
    private static partial void LogListFailed(ILogger logger, Exception exception, HostId host);
}
