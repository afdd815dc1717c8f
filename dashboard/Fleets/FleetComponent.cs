using Microsoft.AspNetCore.Components;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>A component that shows the live fleet: it is rendered again with each new picture.</summary>
public abstract class FleetComponent : ComponentBase, IDisposable
{
    private IDisposable? _watch;

    /// <summary>The live fleet.</summary>
    [Inject]
    protected FleetView Fleet { get; set; } = default!;

    /// <summary>The picture this rendering shows.</summary>
    protected FleetPicture Picture { get; private set; } = FleetPicture.Empty;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the component holds.</summary>
    protected virtual void Dispose(bool isDisposing) => _watch?.Dispose();

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Picture = Fleet.Current;
        _watch = Fleet.Watch(() => _ = InvokeAsync(() =>
        {
            // Several may wait for a slow circuit: all but the first find nothing new.
            if (ReferenceEquals(Picture, Fleet.Current))
                return;
            Picture = Fleet.Current;
            OnPicture();
            StateHasChanged();
        }));
    }

    /// <summary>There is a new picture; the rendering follows.</summary>
    protected virtual void OnPicture()
    {
    }
}
