using Docker.DotNet;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    // The keys that would detach us are part of what a player may type (Ctrl-P, Ctrl-Q); eight zero bytes are not.
    private const string NeverTyped = "ctrl-@,ctrl-@,ctrl-@,ctrl-@,ctrl-@,ctrl-@,ctrl-@,ctrl-@";

    public async Task<IContainerAttachment> AttachAsync(string container, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true, DetachKeys = NeverTyped };
        try
        {
            var stream = await _calls.RunAsync(_timeouts.Call, token => OpenAsync(client, container, parameters, token), cancellationToken).ConfigureAwait(false);
            return new ContainerAttachment(stream, _calls, _timeouts.Call);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsMissingContainer(answer))
        {
            throw new ContainerMissingException(container);
        }
    }

    private static async Task<MultiplexedStream> OpenAsync(DockerClient client, string container, ContainerAttachParameters parameters, CancellationToken cancellationToken)
    {
        var stream = await client.Containers.AttachContainerAsync(container, parameters, cancellationToken).ConfigureAwait(false);
        if (!cancellationToken.IsCancellationRequested)
            return stream;

        // Nobody waits for it any more, and an attachment that nobody reads blocks the game.
        stream.Dispose();
        throw new OperationCanceledException(cancellationToken);
    }
}
