using System.Text;
using System.Threading.Channels;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

/// <summary>The terminal of a fake program: like a real one it echoes what is typed, ends lines with "\r\n", and blocks when nobody reads.</summary>
public sealed class FakeTerminal
{
    private readonly FakeContainer _container;
    private readonly TimeProvider _time;
    private readonly Channel<string> _typed = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _typing = new();
    private readonly TaskCompletionSource<int> _exit;

    internal FakeTerminal(FakeContainer container, TimeProvider time, TaskCompletionSource<int> exit, CancellationToken ended)
    {
        _container = container;
        _time = time;
        _exit = exit;
        Ended = ended;
    }

    public ContainerSpec Spec => _container.Spec;

    /// <summary>Cancelled when the process is over, however it ended.</summary>
    public CancellationToken Ended { get; }

    /// <summary>What a signal does: an exit code, or null to ignore it. SIGKILL never comes here. Default: 128 + its number.</summary>
    public Func<string, int?> OnSignal { get; set; } = signal => signal switch { "SIGINT" => 130, "SIGHUP" => 129, "SIGQUIT" => 131, _ => 143 };

    public ValueTask WriteLineAsync(string line) => WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    public ValueTask WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Puts out bytes as they are.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => _container.OutputAsync(bytes, Ended);

    /// <summary>The next line that was typed, without its end.</summary>
    public async Task<string> ReadLineAsync() => await _typed.Reader.ReadAsync(Ended);

    public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, _time, Ended);

    /// <summary>Ends the process as the kernel does for want of memory.</summary>
    public async Task<int> RunOutOfMemoryAsync()
    {
        _container.IsOutOfMemory = true;
        _exit.TrySetResult(137);
        return await _exit.Task;
    }

    internal void Signal(string signal)
    {
        var code = signal is "SIGKILL" ? 137 : OnSignal(signal);
        if (code is { } exit)
            _exit.TrySetResult(exit);
    }

    internal async ValueTask TypeAsync(ReadOnlyMemory<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes.Span);
        await WriteAsync(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
        lock (_typing)
        {
            foreach (var character in text)
            {
                if (character is not ('\n' or '\r'))
                {
                    _typing.Append(character);
                    continue;
                }

                _typed.Writer.TryWrite(_typing.ToString());
                _typing.Clear();
            }
        }
    }
}
