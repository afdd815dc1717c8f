using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Jobs;

public sealed class ServerSelectionTests
{
    private static readonly ServerSnapshot s_lobby = new()
    {
        Id = ServerId.Parse("0193d0a0-0000-7000-8000-00000000abcd"),
        Name = "Lobby EU",
        Host = new HostId("eu-1"),
        State = PowerState.Running,
        Ports = [new Allocation("0.0.0.0", 25_565), new Allocation("2001:db8::7", 25_566)],
    };

    public static TheoryData<ServerSelection, bool> Selections => new()
    {
        { new ServerSelection(), false },
        { new ServerSelection { Text = "  " }, false },
        { new ServerSelection { IsEveryServer = true }, true },
        { new ServerSelection { Text = "lob EU" }, true },
        { new ServerSelection { Text = "lob us" }, false },
        { new ServerSelection { Text = "25565" }, true },
        { new ServerSelection { Text = "0.0.0.0:25565" }, true },
        { new ServerSelection { Text = "[2001:DB8::7]:25566" }, true },
        { new ServerSelection { Text = "25567" }, false },
        { new ServerSelection { Text = "abcd" }, true },
        { new ServerSelection { Hosts = [new HostId("eu-2"), new HostId("eu-1")] }, true },
        { new ServerSelection { Hosts = [new HostId("eu-2")] }, false },
        { new ServerSelection { IsEveryServer = true, Hosts = [new HostId("eu-2")] }, false },
        { new ServerSelection { State = PowerState.Running }, true },
        { new ServerSelection { State = PowerState.Offline }, false },
        { new ServerSelection { Servers = [s_lobby.Id] }, true },
        { new ServerSelection { Servers = [ServerId.New()] }, false },
        { new ServerSelection { Servers = default, Hosts = default, IsEveryServer = true }, true },
        { new ServerSelection { Servers = default, Hosts = default }, false },
    };

    [Theory]
    [MemberData(nameof(Selections))]
    public void Fits_WhatAllOfItFits(ServerSelection selection, bool expected) => Assert.Equal(expected, selection.Fits(s_lobby));

    [Fact]
    public void Fits_DeletedOrNotConfirmed_OnlyWhereItIsMeant()
    {
        Assert.False(new ServerSelection { IsEveryServer = true }.Fits(s_lobby with { IsDeleted = true }));
        Assert.False(new ServerSelection { State = PowerState.Running }.Fits(s_lobby with { IsReachable = false }));
        Assert.True(new ServerSelection { IsEveryServer = true }.Fits(s_lobby with { IsReachable = false }));
    }

    [Fact]
    public void FitsLabels_AllOfThem()
    {
        var selection = new ServerSelection { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "1").Add("b", "2") };
        Assert.True(selection.FitsLabels(selection.Labels.Add("c", "3")));
        Assert.False(selection.FitsLabels(selection.Labels.SetItem("b", "3")));
        Assert.False(selection.FitsLabels(selection.Labels.Remove("b")));
    }
}
