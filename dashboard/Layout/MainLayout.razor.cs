using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;

namespace OrleansWings.Dashboard.Layout;

public sealed partial class MainLayout : IAsyncDisposable
{
    private static readonly (string Value, string Label, string Icon)[] s_themes =
    [
        ("system", "As the system", Icons.Material.Outlined.Computer),
        ("light", "Light", Icons.Material.Outlined.LightMode),
        ("dark", "Dark", Icons.Material.Outlined.DarkMode),
    ];

    private DotNetObjectReference<MainLayout>? _reference;
    private ErrorBoundary? _boundary;
    private string _choice = "system";
    private bool _isDark;
    private bool _isReady;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private ViewerClock Clock { get; set; } = default!;

    private string ThemeIcon => s_themes.First(theme => theme.Value == _choice).Icon;

    /// <summary>The system went dark or light.</summary>
    [JSInvokable]
    public Task OnThemeChangedAsync(bool isDark) => InvokeAsync(() =>
    {
        _isDark = isDark;
        StateHasChanged();
    });

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_reference is null)
            return;
        try
        {
            await Js.InvokeVoidAsync("orleansWings.theme.unlisten");
        }
        catch (JSDisconnectedException)
        {
        }

        _reference.Dispose();
    }

    /// <inheritdoc />
    protected override void OnParametersSet() => _boundary?.Recover();

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _reference = DotNetObjectReference.Create(this);
        await Js.InvokeVoidAsync("orleansWings.theme.listen", _reference);
        var choice = await Js.InvokeAsync<string>("orleansWings.theme.choice");
        _choice = s_themes.Any(theme => theme.Value == choice) ? choice : "system";
        _isDark = await Js.InvokeAsync<bool>("orleansWings.theme.isDark");
        await Clock.ReadZoneAsync(Js);
        _isReady = true;
        StateHasChanged();
    }

    private async Task ChooseThemeAsync(string value)
    {
        _choice = value;
        _isDark = await Js.InvokeAsync<bool>("orleansWings.theme.set", value);
    }
}
