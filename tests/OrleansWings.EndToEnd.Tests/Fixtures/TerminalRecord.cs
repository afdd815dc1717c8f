namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>
/// Everything that was written to a tab's terminals, in order, also what has scrolled out of them and what was shown
/// before the page was loaded anew.
/// </summary>
internal sealed class TerminalRecord
{
    // Before the page's own scripts: the terminal's write is wrapped as soon as there is one.
    private const string Script = """
        (() => {
          const load = `${performance.timeOrigin}-${Math.random()}`;
          let count = 0;
          window.orleansWings = new Proxy({}, {
            set(target, name, value) {
              if (name === 'console' && value) {
                const terminal = `${load}/${++count}`, write = value.write, decoder = new TextDecoder();
                let last = 0;
                value.write = (bytes, number, ...rest) => {
                  if (number > last) { last = number; window.wingsShown(terminal, decoder.decode(bytes, { stream: true })); }
                  return write(bytes, number, ...rest);
                };
              }
              target[name] = value;
              return true;
            },
          });
        })();
        """;

    private readonly Lock _lock = new();
    private readonly List<(string Terminal, System.Text.StringBuilder Text)> _terminals = [];

    /// <summary>What each terminal was given, in the order of their making.</summary>
    public IReadOnlyList<string> Texts
    {
        get { lock (_lock) return [.. _terminals.Select(one => one.Text.ToString())]; }
    }

    /// <summary>What the present terminal was given; empty before there was one.</summary>
    public string Text => Texts.LastOrDefault() ?? "";

    public async Task AttachAsync(IPage page)
    {
        await page.ExposeFunctionAsync<string, string, bool>("wingsShown", Add);
        await page.AddInitScriptAsync(Script);
    }

    private bool Add(string terminal, string text)
    {
        lock (_lock)
        {
            if (_terminals.Count == 0 || _terminals[^1].Terminal != terminal)
                _terminals.Add((terminal, new System.Text.StringBuilder()));
            _terminals[^1].Text.Append(text);
            return true;
        }
    }
}
