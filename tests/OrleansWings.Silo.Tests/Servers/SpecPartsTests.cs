using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class SpecPartsTests
{
    [Fact]
    public void EveryMemberOfASpec_EitherWaitsOrAppliesAtOnce()
    {
        var members = typeof(ServerSpec).GetProperties().Select(property => property.Name).Order();

        Assert.Equal(members, SpecParts.All.Keys.Concat(SpecParts.AtOnce).Order());
    }

    [Fact]
    public void Differing_EachPart_IsNamed()
    {
        var spec = ServerSamples.Spec;
        var changed = spec with
        {
            Image = "other:1",
            Startup = "./other",
            Command = ["sh"],
            DoneLines = ["up"],
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1"),
            Ports = [new Allocation("0.0.0.0", 1)],
            Mounts = [new MountSpec("/srv/a", "/a", true)],
            IsOutgoingIpForced = true,
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "a"),
            TimeZone = "Europe/Berlin",
        };

        Assert.Equal(SpecParts.All.Values.Select(part => part.Words).Order(), SpecParts.Differing(SpecParts.Of(spec), changed).Order());
        Assert.Empty(SpecParts.Differing(SpecParts.Of(changed), changed with { Name = "Two", Limits = new ServerLimits { MemoryMiB = 64 } }));
    }

    [Fact]
    public void Differing_APartThatAnOlderVersionDidNotWrite_IsNotCalledChanged()
        => Assert.Empty(SpecParts.Differing(SpecParts.Of(ServerSamples.Spec).Remove("Image"), ServerSamples.Spec with { Image = "other:1" }));
}
