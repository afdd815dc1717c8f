using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;

namespace OrleansWings.Containers.Engines;

/// <summary>Runs calls to the engine: gives each its time, and turns every failure into the <see cref="EngineException"/> family.</summary>
internal sealed class EngineCalls(Uri address, TimeProvider time)
{
    /// <summary>A call with a limit: past it the engine counts as unreachable, whatever the client library still waits for.</summary>
    public async Task<T> RunAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        // The library does not pass the token to every read, so it alone would not bound the call.
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await call(linked.Token).WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new EngineUnreachableException($"The engine at {address} did not answer within {limit.TotalSeconds:0.#} s.");
        }
        catch (Exception failure) when (!IsCancellation(failure, cancellationToken))
        {
            throw Translate(failure);
        }
        finally
        {
            await linked.CancelAsync().ConfigureAwait(false);
        }
    }

    public Task RunAsync(TimeSpan limit, Func<CancellationToken, Task> call, CancellationToken cancellationToken)
        => RunAsync(limit, async token => { await call(token).ConfigureAwait(false); return true; }, cancellationToken);

    /// <summary>A call that lasts as long as it must.</summary>
    public Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => RunAsync(Timeout.InfiniteTimeSpan, call, cancellationToken);

    public Exception Translate(Exception failure) => failure switch
    {
        EngineException => failure,
        DockerApiException answer => EngineAnswerException.From(answer),
        ArgumentException or ObjectDisposedException { ObjectName: nameof(DockerContainerEngine) } => failure,
        InvalidOperationException => new EngineException($"The engine at {address} answered what was not understood.", failure),
        // Cut short, most likely: nobody knows whether it was done.
        JsonException => new EngineUnreachableException($"The engine at {address} gave an answer that is not whole, or not an engine's.", failure),
        _ => new EngineUnreachableException($"The engine at {address} cannot be reached: {Reason(failure)}", failure),
    };

    private static bool IsCancellation(Exception failure, CancellationToken cancellationToken)
        => failure is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private string Reason(Exception failure)
    {
        // .NET says "cannot assign requested address" of a socket that is not there.
        if (address.Scheme == "unix" && !File.Exists(address.LocalPath))
            return "there is no such socket; is Docker running?";

        while (failure.InnerException is { } inner)
            failure = inner;
        // What the library says of anything else is about itself.
        return failure is SocketException ? $"{failure.Message.TrimEnd('.')}." : "the line was cut, or what came is no answer of an engine.";
    }
}
