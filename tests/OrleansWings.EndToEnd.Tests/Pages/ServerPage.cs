using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansWings.EndToEnd.Tests.Pages;

/// <summary>The page of one server.</summary>
internal sealed partial class ServerPage(Tab tab)
{
    public Tab Tab => tab;

    public string Id => tab.Page.Url.Split('/')[^1];

    public ILocator Heading => tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 });

    public ILocator State => tab.Page.Locator(".server-name .state");

    public ILocator Problem => tab.Page.Locator(".wrong-banner");

    public ILocator CommandBox => tab.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Command", Exact = true });

    /// <summary>What is said of a command that was refused.</summary>
    public ILocator Refusal => tab.Page.Locator("#command-refusal");

    public ILocator Button(string name) => tab.Page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Power" })
        .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true });

    /// <summary>The same server in another tab.</summary>
    public async Task<ServerPage> OpenAsync(Tab other)
    {
        await other.GoAsync($"/servers/{Id}");
        return new ServerPage(other);
    }

    public Task PressAsync(string button) => Button(button).ClickAsync();

    /// <summary>Waits until the page says this state as a fact, not as the last one known.</summary>
    public Task WaitForStateAsync(string state)
        => Assertions.Expect(tab.Page.Locator($".server-name .state:not(.is-unknown)")).ToHaveTextAsync(state);

    public async Task StartAsync()
    {
        await PressAsync("Start");
        await WaitForStateAsync("Running");
    }

    /// <summary>Deletes it, and is back on the list.</summary>
    public async Task DeleteAsync()
    {
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "More actions" }).ClickAsync();
        await tab.Page.Locator(".mud-menu-item").Filter(new LocatorFilterOptions { HasText = "Delete" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete", Exact = true }).ClickAsync();
        await tab.WaitForAddressAsync("/");
    }

    public async Task SendAsync(string command)
    {
        await tab.Page.Locator("#command[data-interactive]").WaitForAsync();
        await CommandBox.FillAsync(command);
        await CommandBox.PressAsync("Enter");
    }

    /// <summary>Waits until the terminal shows a line with this text in it.</summary>
    public Task WaitForLineAsync(string text)
        => tab.Page.WaitForFunctionAsync("text => window.orleansWings?.console?.lines().some(line => line.includes(text))", text,
            new PageWaitForFunctionOptions { PollingInterval = 200 });

    /// <summary>What the terminal has, also what is scrolled out of sight.</summary>
    public Task<string[]> LinesAsync() => tab.Page.EvaluateAsync<string[]>("() => window.orleansWings.console.lines()");

    /// <summary>One of the numbers of the usage as it is written: "12 %", "1.4 MiB".</summary>
    public ILocator Number(string label) => tab.Page.Locator(".usage .number")
        .Filter(new LocatorFilterOptions { Has = tab.Page.GetByText(label, new PageGetByTextOptions { Exact = true }) }).Locator("b");

    /// <summary>What is written below a number: "16 MiB in all".</summary>
    public ILocator Total(string label) => tab.Page.Locator(".usage .number")
        .Filter(new LocatorFilterOptions { Has = tab.Page.GetByText(label, new PageGetByTextOptions { Exact = true }) }).Locator("small");

    /// <summary>Waits until a number of the usage fits, and gives it; bytes for sizes.</summary>
    public async Task<double> WaitForNumberAsync(string label, Func<double, bool> fits)
        => (await Eventually.GetAsync(async () => Parse(await Number(label).InnerTextAsync()), value => value is { } known && fits(known)))!.Value;

    /// <summary>Reads "12 %", "1.4 MiB", "3 KiB/s"; null for "–".</summary>
    internal static double? Parse(string text)
    {
        if (NumberPattern().Match(text) is not { Success: true } match)
            return null;
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "KiB" => value * 1024,
            "MiB" => value * 1024 * 1024,
            "GiB" => value * 1024 * 1024 * 1024,
            _ => value,
        };
    }

    [GeneratedRegex(@"^([0-9.]+)(?: (%|[KMG]?i?B)(?:/s)?)?$")]
    private static partial Regex NumberPattern();
}
