using Microsoft.Extensions.Logging;

namespace OrleansWings.Certificates;

/// <summary>Says who was refused and why, once a minute for each address: a flood must not fill the log.</summary>
internal sealed partial class RefusalLog(ILogger logger, TimeProvider time)
{
    // With more addresses than this at once, all further ones count as one.
    private const int MostAddresses = 1_000;

    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];

    public void Refused(PeerPurpose purpose, string address, string reason)
    {
        int unsaid;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_entries.ContainsKey(address) && _entries.Count >= MostAddresses)
            {
                Forget(now);
                if (_entries.Count >= MostAddresses)
                    address = "many addresses";
            }

            if (_entries.TryGetValue(address, out var last) && time.GetElapsedTime(last.Said, now) < s_quiet)
            {
                _entries[address] = last with { Unsaid = last.Unsaid + 1 };
                return;
            }

            unsaid = last.Unsaid;
            _entries[address] = new(now, 0);
        }

        if (purpose is PeerPurpose.SiloInbound or PeerPurpose.GatewayInbound)
            LogInbound(logger, address, purpose == PeerPurpose.SiloInbound ? "silo's port" : "gateway", reason, unsaid);
        else
            LogOutbound(logger, address, reason, unsaid);
    }

    private void Forget(long now)
    {
        foreach (var (address, entry) in _entries.ToList())
        {
            if (time.GetElapsedTime(entry.Said, now) >= s_quiet)
                _entries.Remove(address);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {Address} at the {Port}: {Reason}. {Unsaid} more since this was last said")]
    private static partial void LogInbound(ILogger logger, string address, string port, string reason, int unsaid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not connected to {Address}: {Reason}. {Unsaid} more since this was last said")]
    private static partial void LogOutbound(ILogger logger, string address, string reason, int unsaid);

    private readonly record struct Entry(long Said, int Unsaid);
}
