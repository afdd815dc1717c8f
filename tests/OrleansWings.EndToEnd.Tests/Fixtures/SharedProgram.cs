namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>One installation for the tests of a class that leave each other alone; started by the first that needs it.</summary>
public sealed class SharedProgram : IAsyncDisposable
{
    private WingsProgram? _program;

    public async Task<WingsProgram> GetAsync() => _program ??= await WingsProgram.StartNewAsync();

    public ValueTask DisposeAsync() => _program?.DisposeAsync() ?? ValueTask.CompletedTask;
}
