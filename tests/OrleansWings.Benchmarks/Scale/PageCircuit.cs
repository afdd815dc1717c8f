// A renderer of its own is the only way to have a page as a circuit has it, without a browser. These types may change with the framework.
#pragma warning disable BL0006
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansWings.Dashboard.Servers;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>One page, rendered and kept up to date as in a circuit, for a browser that is not there.</summary>
internal sealed class PageCircuit : Renderer
{
    private readonly AsyncServiceScope _scope;
    private readonly HashSet<int> _rows = [];

    private PageCircuit(AsyncServiceScope scope) : base(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<ILoggerFactory>()) => _scope = scope;

    public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

    /// <summary>How often something of it was rendered.</summary>
    public int Renderings { get; private set; }

    /// <summary>How many rows of the list it has drawn.</summary>
    public int Rows => _rows.Count;

    public static async Task<PageCircuit> OpenAsync<TPage>(ServiceProvider services)
        where TPage : IComponent
    {
        var circuit = new PageCircuit(services.CreateAsyncScope());
        await circuit.Dispatcher.InvokeAsync(async () =>
        {
            var page = circuit.InstantiateComponent(typeof(TPage));
            await circuit.RenderRootComponentAsync(circuit.AssignRootComponentId(page));
            await circuit._scope.ServiceProvider.GetRequiredService<ScreenRuntime>().ShowAsync();
        });
        return circuit;
    }

    protected override Task UpdateDisplayAsync(in RenderBatch renderBatch)
    {
        Renderings++;
        for (var i = 0; i < renderBatch.ReferenceFrames.Count; i++)
        {
            var frame = renderBatch.ReferenceFrames.Array[i];
            if (frame.FrameType == RenderTreeFrameType.Component && frame.ComponentType == typeof(ServerRow))
                _rows.Add(frame.ComponentId);
        }

        for (var i = 0; i < renderBatch.DisposedComponentIDs.Count; i++)
            _rows.Remove(renderBatch.DisposedComponentIDs.Array[i]);

        return Task.CompletedTask;
    }

    protected override void HandleException(Exception exception) => throw new InvalidOperationException("The page failed.", exception);

    /// <summary>The viewer goes, and with it what only they had.</summary>
    public async Task CloseAsync()
    {
        await DisposeAsync();
        await _scope.DisposeAsync();
    }
}
