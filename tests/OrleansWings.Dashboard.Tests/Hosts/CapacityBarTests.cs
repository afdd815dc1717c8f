using OrleansWings.Dashboard.Hosts;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class CapacityBarTests
{
    [Fact]
    public void Of_Capacity_SaysNumbersAndShares()
    {
        var bars = CapacityBar.Of(new HostCapacity
        {
            Memory = new() { Total = 65_536, Factor = 1.5, Promised = 49_152, Used = 8_192 },
            Cpu = new() { Total = 800, Factor = 1, Promised = 760 },
            Disk = new(),
            PoolPorts = 20,
            FreePoolPorts = 5,
        }).ToArray();

        Assert.Equal(
            [
                new CapacityBar("Memory", "48 GiB promised of 96 GiB (64 GiB × 1.5), 8.0 GiB in use", 50, 8, IsFull: false),
                new CapacityBar("CPU", "760 % promised of 800 %", 95, 0, IsFull: true),
                new CapacityBar("Ports", "15 of 20 held, 5 free", 75, 0, IsFull: false),
            ],
            bars);
    }

    [Fact]
    public void Of_MoreThanThereIs_IsAFullBar()
    {
        var bar = Assert.Single(CapacityBar.Of(new HostCapacity { Memory = new() { Total = 100, Promised = 300, Used = 200 } }));

        Assert.Equal((100, 100, true), (bar.Promised, bar.Used, bar.IsFull));
    }
}
