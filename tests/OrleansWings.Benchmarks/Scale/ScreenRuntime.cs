using Microsoft.JSInterop;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>The browser's half of a page, as far as a list needs it: it says how high the screen is.</summary>
internal sealed class ScreenRuntime : IJSRuntime
{
    private const float Height = 900;

    private object? _list;

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => InvokeAsync<TValue>(identifier, CancellationToken.None, args);

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args)
    {
        // What the framework's list asks the browser at its beginning; by the reference the browser answers later.
        if (identifier.EndsWith("Virtualize.init", StringComparison.Ordinal))
            _list = args![0];
        return ValueTask.FromResult<TValue>(default!);
    }

    /// <summary>The empty space behind the list's first rows is on the screen.</summary>
    public async Task ShowAsync()
    {
        var list = _list?.GetType().GetProperty("Value")?.GetValue(_list);
        // The framework's own type is not public; the browser calls it by this name too.
        list?.GetType().GetMethod("OnSpacerAfterVisible")?.Invoke(list, [0f, Height, Height]);
        await Task.Yield();
    }
}
