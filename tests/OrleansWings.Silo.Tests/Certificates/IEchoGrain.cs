using Orleans.Placement;

namespace OrleansWings.Silo.Tests.Certificates;

/// <summary>Answers, and says on which silo it does.</summary>
public interface IEchoGrain : IGrainWithIntegerKey
{
    Task<string> EchoAsync(string text);

    Task<int> CountAsync(byte[] bytes);

    Task<string> WhereAsync();
}

// By default silos that are less busy get more, and on a busy machine all.
[HashBasedPlacement]
internal sealed class EchoGrain(ILocalSiloDetails silo) : Grain, IEchoGrain
{
    public Task<string> EchoAsync(string text) => Task.FromResult(text);

    public Task<int> CountAsync(byte[] bytes) => Task.FromResult(bytes.Length);

    public Task<string> WhereAsync() => Task.FromResult(silo.Name);
}
