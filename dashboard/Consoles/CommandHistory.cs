namespace OrleansWings.Dashboard.Consoles;

/// <summary>The commands sent to a server from one browser, walked with the arrow keys as in a shell.</summary>
public sealed class CommandHistory
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 100;

    private readonly List<string> _commands;
    private int _place;
    private string _draft = "";

    /// <summary>Begins with what the browser has kept.</summary>
    public CommandHistory(IEnumerable<string> commands)
    {
        _commands = [.. commands.TakeLast(Capacity)];
        _place = _commands.Count;
    }

    /// <summary>All, oldest first.</summary>
    public IReadOnlyList<string> Commands => _commands;

    /// <summary>Takes a command that was sent; a repetition and an empty one add nothing.</summary>
    public void Add(string command)
    {
        if (!string.IsNullOrWhiteSpace(command) && (_commands.Count == 0 || _commands[^1] != command))
            _commands.Add(command);
        if (_commands.Count > Capacity)
            _commands.RemoveAt(0);
        _place = _commands.Count;
        _draft = "";
    }

    /// <summary>The one before; null at the oldest.</summary>
    /// <param name="typed">What the box says; kept, to come back to.</param>
    public string? Older(string typed)
    {
        if (_place == 0)
            return null;
        if (_place == _commands.Count)
            _draft = typed;
        return _commands[--_place];
    }

    /// <summary>The one after, at last what was being typed; null behind that.</summary>
    public string? Newer()
        => _place >= _commands.Count ? null : ++_place == _commands.Count ? _draft : _commands[_place];
}
