#:project ../../../src/OrleansWings.Containers/OrleansWings.Containers.csproj
#:property PublishAot=false
#:property InvariantGlobalization=true

// usage ID PID [READINGS [MILLISECONDS]]: what the program's own reader makes of a container's files, one line of JSON for each reading.
// For machines that are too slow for the tests themselves: tests/engine/cgroup2-machine.
using System.Text.Json;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

var reader = new CgroupUsageReader();
var (container, process) = (new ContainerId(args[0]), int.Parse(args[1], null));
var (readings, pause) = (args.Length > 2 ? int.Parse(args[2], null) : 1, args.Length > 3 ? int.Parse(args[3], null) : 1000);
UsageCounters? before = null;
for (var i = 0; i < readings; i++)
{
    if (i > 0)
        await Task.Delay(pause);
    var now = reader.Read(container, process);
    using var line = new MemoryStream();
    using (var json = new Utf8JsonWriter(line))
    {
        json.WriteStartObject();
        if (now is not null)
        {
            json.WriteNumber("cpuNanoseconds", (long)now.CpuTime.TotalNanoseconds);
            json.WriteNumber("cpuPercent", UsageMath.CpuPercent(before, now));
            json.WriteNumber("memory", now.MemoryBytes);
            json.WriteNumber("memoryLimit", now.MemoryLimitBytes);
            json.WriteNumber("received", now.NetworkRxBytes);
            json.WriteNumber("sent", now.NetworkTxBytes);
            json.WriteNumber("read", now.DiskReadBytes ?? -1);
            json.WriteNumber("written", now.DiskWriteBytes ?? -1);
            json.WriteNumber("processes", now.Processes);
        }

        json.WriteEndObject();
    }

    Console.WriteLine(System.Text.Encoding.UTF8.GetString(line.ToArray()));
    before = now;
}
