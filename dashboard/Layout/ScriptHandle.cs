using Microsoft.JSInterop;

namespace OrleansWings.Dashboard.Layout;

/// <summary>A script's module and what its "create" made for a component; both go with the component.</summary>
/// <param name="Module">The module.</param>
/// <param name="Made">What the calls are for; the script gives it a "dispose".</param>
public sealed record ScriptHandle(IJSObjectReference Module, IJSObjectReference Made) : IAsyncDisposable
{
    /// <summary>Imports a module of this library and calls its "create".</summary>
    public static async Task<ScriptHandle> CreateAsync(IJSRuntime js, string asset, params object?[] arguments)
    {
        var module = await js.InvokeAsync<IJSObjectReference>("import", "/" + asset);
        return new ScriptHandle(module, await module.InvokeAsync<IJSObjectReference>("create", arguments));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Made.InvokeVoidAsync("dispose");
            await Made.DisposeAsync();
            await Module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and what was made with it.
        }
    }
}
