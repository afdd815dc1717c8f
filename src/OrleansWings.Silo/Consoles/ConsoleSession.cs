using System.Collections.Immutable;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using Microsoft.Extensions.Logging;
namespace OrleansWings.Silo.Consoles;
public sealed class NotAttachedException(string m) : Exception(m);
public sealed class NotAcceptedException(string m) : Exception(m);
#pragma warning disable
public sealed class ConsoleSession : IAsyncDisposable {
  public ConsoleSession(ServerId server, string folder, IContainerEngine engine, ConsoleOptions options, TimeProvider time, ILogger<ConsoleSession> logger) {}
  public ConsolePosition Head { get; }
  public bool IsAttached { get; }
  public void BeginRun(int run) {}
  public void WriteWings(string text, ConsoleFlags flags = ConsoleFlags.None) {}
  public Task AttachAsync(string container, CancellationToken ct) => null!;
  public Task RejoinAsync(string container, int run, CancellationToken ct) => null!;
  public event Action<string>? LineRead;
  public event Action? Detached;
  public ValueTask SendAsync(string command, CancellationToken ct) => default;
  public Task DetachAsync() => null!;
  public ConsolePage Read(ConsoleCursor from, int maxBytes) => null!;
  public ImmutableArray<string> ReadText(int lines) => [];
  public Task WaitForMoreAsync(ConsolePosition after, CancellationToken ct) => null!;
  public ValueTask DisposeAsync() => default;
}
