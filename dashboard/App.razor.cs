using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;

namespace OrleansWings.Dashboard;

public partial class App
{
    internal const string Library = "_content/OrleansWings.Dashboard";

    // Not pre-rendered: what shows is live from its first moment, and no click can be lost before that.
    private static readonly InteractiveServerRenderMode s_live = new(prerender: false);

    [CascadingParameter]
    private HttpContext? HttpContext { get; set; }

    // Pages that write cookies (sign-in) opt out with [ExcludeFromInteractiveRouting].
    private IComponentRenderMode? PageMode => HttpContext?.AcceptsInteractiveRouting() == false ? null : s_live;
}
