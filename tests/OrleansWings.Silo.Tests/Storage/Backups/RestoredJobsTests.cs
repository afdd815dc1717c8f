using System.Text;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Jobs;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Storage.Backups;

namespace OrleansWings.Silo.Tests.Storage.Backups;

/// <summary>No job of a backup goes on after its restore.</summary>
public sealed class RestoredJobsTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public void End_UnderWay_NobodyIsAskedAnythingMore()
    {
        var (entries, ended) = RestoredJobs.End([Entry(Job(JobStepState.Done, JobStepState.UnderWay, JobStepState.Waiting))], s_at);

        var job = Read(entries.Single());
        Assert.Equal(1, ended);
        Assert.True(job.IsCancelled);
        Assert.Equal([JobStepState.Done, JobStepState.Failed, JobStepState.Waiting], job.Steps.Select(step => step.State));
        Assert.Equal(s_at, job.Steps[1].EndedAt);
        Assert.Contains("A backup was restored", job.Steps[1].Message, StringComparison.Ordinal);
        Assert.Empty(JobRule.ToBegin(job, s_at.AddDays(1)));
        // What waits is settled by the job itself, which then is over.
        Assert.True(JobRule.IsOver([.. job.Steps.Select(step => JobRule.Settle(step, JobRule.WhyNoFurther(job, s_at), s_at))]));
    }

    [Fact]
    public void End_OfANewerVersion_KeepsWhatItDoesNotKnow()
    {
        var text = Encoding.UTF8.GetString(Entry(Job(JobStepState.UnderWay)).Payload);
        var newer = new BackupEntry("job", "j", Encoding.UTF8.GetBytes(text.Replace("{\"schema\":1,", "{\"schema\":1,\"color\":\"grün\",", StringComparison.Ordinal)));

        Assert.Contains("\"color\":\"grün\"", Encoding.UTF8.GetString(RestoredJobs.End([newer], s_at).Entries.Single().Payload), StringComparison.Ordinal);
    }

    [Fact]
    public void End_OverOrNoJobOrDamaged_IsTheSameByteForByte()
    {
        BackupEntry[] entries =
        [
            Entry(Job(JobStepState.Done) with { EndedAt = s_at }),
            Entry(new JobRecord()),
            new("job", "damaged", "{\"request\":{},\"steps\":7}"u8.ToArray()),
            new("job", "cut", "{\"request\":{"u8.ToArray()),
            new("record", "r", "{\"request\":{},\"steps\":[]}"u8.ToArray()),
        ];

        var (same, ended) = RestoredJobs.End(entries, s_at);

        Assert.Equal(0, ended);
        Assert.Equal(entries, same);
    }

    private static JobRecord Job(params JobStepState[] steps) => new()
    {
        Request = new JobRequest { Action = PowerAction.Restart, Selection = new ServerSelection { Hosts = [new HostId("here")] } },
        CreatedAt = s_at,
        Steps = [.. steps.Select(state => new JobStep(ServerId.New(), "N", new HostId("here")) { State = state })],
    };

    private static BackupEntry Entry(JobRecord job) => new("job", "j", new StoredStateSerializer().Serialize(job).ToArray());

    private static JobRecord Read(BackupEntry entry) => new StoredStateSerializer().Deserialize<JobRecord>(new BinaryData(entry.Payload))!;
}
