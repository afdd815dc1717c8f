namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>
/// A page's line to the program, which can be held: what a person does reaches the program, and what has changed since does not reach the page. So two
/// people act on the same picture, however fast or slow the machine is.
/// </summary>
internal sealed class HeldLine
{
    private readonly Lock _lock = new();
    private readonly List<Action> _held = [];
    private bool _isHeld;

    private HeldLine()
    {
    }

    /// <summary>On a page that has not been gone to yet.</summary>
    public static async Task<HeldLine> OfAsync(IPage page)
    {
        var line = new HeldLine();
        await page.RouteWebSocketAsync(_ => true, socket =>
        {
            var program = socket.ConnectToServer();
            socket.OnMessage(frame => Pass(program, frame));
            program.OnMessage(frame => line.Take(() => Pass(socket, frame)));
        });
        return line;
    }

    public void Hold()
    {
        lock (_lock)
            _isHeld = true;
    }

    public void Release()
    {
        lock (_lock)
        {
            _isHeld = false;
            _held.ForEach(pass => pass());
            _held.Clear();
        }
    }

    private void Take(Action pass)
    {
        lock (_lock)
        {
            if (_isHeld)
                _held.Add(pass);
            else
                pass();
        }
    }

    private static void Pass(IWebSocketRoute to, IWebSocketFrame frame)
    {
        if (frame.Binary is { } bytes)
            to.Send(bytes);
        else
            to.Send(frame.Text!);
    }
}
