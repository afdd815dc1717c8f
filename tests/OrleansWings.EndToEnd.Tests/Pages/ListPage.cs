namespace OrleansWings.EndToEnd.Tests.Pages;

/// <summary>The list of servers.</summary>
internal sealed class ListPage(Tab tab)
{
    public ILocator Row(string name) => tab.Page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions
    {
        Has = tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true }),
    });

    public ILocator State(string name) => Row(name).Locator(".state");

    public ILocator Button(string action, string name)
        => tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"{action} {name}", Exact = true });

    public Task OpenAsync() => tab.GoAsync("/");
}
