using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class FieldFaultsTests
{
    private static readonly SpecFault s_name = new("Name", "No name.");
    private static readonly SpecFault s_image = new("Image", "No image.");

    [Fact]
    public void Touch_OneField_ShowsOnlyThatOne()
    {
        var faults = new FieldFaults();
        faults.Touch("Name", [s_name, s_image]);
        Assert.Equal("No name.", faults.At("Name"));
        Assert.Null(faults.At("Image"));
    }

    [Fact]
    public void Touch_AFieldThatStandsForAList_ShowsAndForgetsTheFaultsOfItsMembers()
    {
        var faults = new FieldFaults();
        SpecFault fault = new("Labels[a b]", "No label."), other = new("Label", "Another field's.");
        faults.Touch("Labels", [fault, other]);
        Assert.Equal("No label.", faults.Of("Labels"));
        Assert.Null(faults.At("Label"));
        faults.Answer([new SpecFault("Labels[c]", "Taken.")]);
        faults.Touch("Labels", []);
        Assert.Null(faults.Of("Labels"));
    }

    [Fact]
    public void Send_ShowsAll()
    {
        var faults = new FieldFaults();
        faults.Send([s_name, s_image]);
        Assert.Equal("No name. No image.", faults.Elsewhere(_ => false));
    }

    [Fact]
    public void Answer_StandsUntilItsFieldChanges()
    {
        var faults = new FieldFaults();
        faults.Send([]);
        faults.Answer([new SpecFault("Ports[0]", "Taken.")]);
        faults.Touch("Name", []);
        Assert.Equal("Taken.", faults.At("Ports[0]"));
        faults.Touch("Ports[0]", []);
        Assert.Null(faults.At("Ports[0]"));
        Assert.Null(faults.Elsewhere(_ => false));
    }

    [Fact]
    public void Of_List_JoinsItsMembers()
    {
        var faults = new FieldFaults();
        faults.Send([new SpecFault("DoneLines[0]", "One."), new SpecFault("DoneLines[3]", "Two."), s_name]);
        Assert.Equal("One. Two.", faults.Of("DoneLines"));
    }
}
