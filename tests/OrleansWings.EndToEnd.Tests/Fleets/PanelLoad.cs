using System.Collections.Concurrent;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>
/// Panel code at work: it sends each server one command after the other and lists the fleet. What was accepted has to be on the
/// console once; what was refused, never; of what nobody knows, once at most.
/// </summary>
internal sealed class PanelLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(TickingServer Server, string Text), ServerResult> _said = [];
    private readonly ConcurrentQueue<Exception> _thrown = [];
    private readonly TickingServer[] _servers;
    private readonly string _mark = Guid.NewGuid().ToString("N")[..6];
    private readonly Task[] _working;
    private int _lists;

    public PanelLoad(FleetRun fleet, TickingServer[] servers)
    {
        _servers = servers;
        _working = [.. servers.Select(server => Task.Run(() => SpeakAsync(server))), Task.Run(() => ListAsync(fleet))];
    }

    /// <summary>Waits until it was answered on every server, and the fleet was listed, since now.</summary>
    public async Task GoesOnAsync()
    {
        var (accepted, lists) = (_servers.ToDictionary(server => server, Accepted), Volatile.Read(ref _lists));
        await Eventually.TrueAsync(() => _servers.All(server => Accepted(server) > accepted[server] + 3) && Volatile.Read(ref _lists) > lists);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_working);
    }

    /// <summary>Ends it and compares what it was told with what the games said.</summary>
    public async Task EndAsync()
    {
        await DisposeAsync();
        Assert.Empty(_thrown);
        foreach (var server in _servers)
        {
            var own = _said.Where(said => said.Key.Server == server).ToList();
            await Eventually.TrueAsync(() => own.Where(said => said.Value.IsAccepted).All(said => Times(server, said.Key.Text) > 0));
            Assert.All(own, said => Assert.InRange(Times(server, said.Key.Text), said.Value.IsAccepted ? 1 : 0, said.Value.IsAccepted || said.Value.Refusal == ServerRefusal.OutcomeUnknown ? 1 : 0));
        }
    }

    private int Accepted(TickingServer server) => _said.Count(said => said.Key.Server == server && said.Value.IsAccepted);

    private static int Times(TickingServer server, string text) => server.Lines.Count(line => line.Contains($"Unknown command: {text} ", StringComparison.Ordinal));

    private Task SpeakAsync(TickingServer server) => RepeatAsync(async count =>
    {
        var text = $"{_mark}-{count}";
        _said[(server, text)] = await server.SayAsync(text);
    });

    private Task ListAsync(FleetRun fleet) => RepeatAsync(async _ =>
    {
        var listed = (await fleet.Fleet.ListServersAsync()).Length;
        if (listed != _servers.Length)
            throw new InvalidOperationException($"{listed} servers were listed of {_servers.Length}.");
        Interlocked.Increment(ref _lists);
    });

    private async Task RepeatAsync(Func<int, Task> once)
    {
        for (var count = 1; !_stop.IsCancellationRequested; count++)
        {
            try
            {
                await once(count);
            }
            catch (Exception e)
            {
                // A call is answered in words, whatever happens to the fleet.
                _thrown.Enqueue(e);
            }

            await Task.Delay(100);
        }
    }
}
