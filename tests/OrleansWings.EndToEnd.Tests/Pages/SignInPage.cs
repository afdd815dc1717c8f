namespace OrleansWings.EndToEnd.Tests.Pages;

internal sealed class SignInPage(Tab tab)
{
    public ILocator Fault => tab.Page.GetByRole(AriaRole.Alert);

    public async Task SignInAsync(string user, string password)
    {
        await tab.Page.GetByLabel("User name").FillAsync(user);
        await tab.Page.GetByLabel("Password").FillAsync(password);
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
    }
}
