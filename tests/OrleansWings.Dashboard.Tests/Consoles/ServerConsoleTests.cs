using System.Text;
using Bunit;
using OrleansWings.Dashboard.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Consoles;

/// <summary>The terminal's component with a script that does nothing: what is written to it is looked at.</summary>
public sealed class ServerConsoleTests : DashboardContext
{
    private readonly BunitJSModuleInterop _module;
    private readonly BunitJSModuleInterop _terminal;

    public ServerConsoleTests()
    {
        _module = JSInterop.SetupModule(_ => true);
        _terminal = _module.SetupModule("create", _ => true);
        _module.Setup<string[]>("commands", _ => true).SetResult([]);
    }

    public static TheoryData<Exception> Faults => [new UnknownServerException(ServerId.New()), new StoreUnreachableException(), new IOException("A surprise.")];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Reload_WhereTheConsoleEndsCannotBeRead_TheTerminalShowsItAllTheSame(Exception fault)
    {
        _module.Setup<string?>("firstShown", _ => true).SetResult("1:1");
        var server = Add("lobby", PowerState.Running);
        server.Journal.Write(Encoding.UTF8.GetBytes("the first line"));
        Fleet.ConsoleFault = fault;

        var console = Render<ServerConsole>(parameters => parameters.Add(c => c.Server, server.Id));

        console.WaitForAssertion(() => Assert.Contains("the first line", Written(), StringComparison.Ordinal), Wait);
        Assert.Empty(console.FindAll(".console-note"));
    }

    private string Written() => string.Concat(_terminal.Invocations["write"].Select(call => Encoding.UTF8.GetString((byte[])call.Arguments[0]!)));
}
