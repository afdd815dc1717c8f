using System.Diagnostics;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Silo.Usages;

namespace OrleansWings.Silo.Tests.Usages;

/// <summary>Compared with du, which counts the same.</summary>
public sealed class FolderScanTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Volume => Directory.CreateDirectory(Path.Combine(_folder.Path, "volume")).FullName;

    public void Dispose()
    {
        // Also what a path is too short for.
        using var removal = Process.Start("rm", ["-rf", "--one-file-system", _folder.Path]);
        removal.WaitForExit();
    }

    [Fact]
    public async Task Measure_AWorld_IsWhatDuSays()
    {
        await ShellAsync("""
            mkdir -p a/b/c d; head -c 3000000 /dev/urandom > a/one; head -c 10 /dev/urandom > a/b/tiny; : > a/b/c/empty
            head -c 2000000 /dev/urandom > d/linked; ln d/linked a/again; ln d/linked a/b/and-again
            truncate -s 50G d/holes; ln -s / d/everything; ln -s ../../.. a/up; mkfifo d/pipe
            i=0; while [ $i -lt 3000 ]; do echo x > d/file-with-a-rather-long-name-$i; i=$((i+1)); done
            """);
        Assert.Equal(await DuAsync(), (await FolderScan.MeasureAsync(Volume, CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task Measure_AFewFilesBesideFoldersOfMany_DoesNotWaitForTheirEnd()
    {
        await ShellAsync("mkdir many few; seq -f many/%.0f 1 60000 | xargs touch; head -c 1000000 /dev/urandom > few/one");
        var many = Enumerable.Range(0, 16).Select(_ => FolderScan.MeasureAsync(Path.Combine(Volume, "many"), CancellationToken.None)).ToArray();

        var few = FolderScan.MeasureAsync(Path.Combine(Volume, "few"), CancellationToken.None);

        // Turns are fair: each of the others has had one by then, and needs several.
        Assert.Same(few, await Task.WhenAny([few, .. many]));
        Assert.True((await few).Bytes >= 1_000_000);
        Assert.All(await Task.WhenAll(many), scan => Assert.Equal(60_000, scan.Entries));
    }

    [Fact]
    public async Task Measure_NamesThatAreNoText_AreCounted()
    {
        await ShellAsync("head -c 1000000 /dev/urandom > \"$(printf '\\377\\376')\"; mkdir \"$(printf '\\200')\"; head -c 1000000 /dev/urandom > \"$(printf '\\200/\\201')\"");
        Assert.Equal(await DuAsync(), (await FolderScan.MeasureAsync(Volume, CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task Measure_APathLongerThanPathsCanBe_IsCounted()
    {
        await RunAsync("perl", "-e", "my $name = 'x' x 200; for (1..60) { mkdir $name or die; chdir $name or die } open(my $file, '>', 'deep') or die; print $file 'y' x 1000000");
        Assert.Equal(await DuAsync(), (await FolderScan.MeasureAsync(Volume, CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task Measure_DeeperThanItGoes_SaysThatItIsIncomplete()
    {
        await ShellAsync("i=0; while [ $i -lt 150 ]; do mkdir x; cd x; i=$((i+1)); done");
        using var scan = new FolderScan(Volume);
        while (!scan.IsDone)
            scan.Step(TimeSpan.FromSeconds(1));
        Assert.True(scan.IsIncomplete);
        Assert.Equal(100, scan.Entries);
    }

    [Fact]
    public void Step_AFolderThatIsRemovedMeanwhile_LeavesNothingUncounted()
    {
        using var scan = new FolderScan(Volume);
        Directory.Delete(Path.Combine(_folder.Path, "volume"));
        scan.Step(TimeSpan.FromSeconds(1));
        Assert.Equal((true, false, 0), (scan.IsDone, scan.IsIncomplete, scan.Entries));
    }

    [Fact]
    public async Task Measure_WhatIsNotThere_TakesNothing()
    {
        Assert.Equal(0, (await FolderScan.MeasureAsync(Path.Combine(_folder.Path, "none"), CancellationToken.None)).Bytes);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), "/usr");
        Assert.Equal(0, (await FolderScan.MeasureAsync(Path.Combine(_folder.Path, "link"), CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task Step_InShortSteps_ComesToTheSame_AndLeavesNothingOpen()
    {
        await ShellAsync("for d in 1 2 3 4 5; do mkdir $d; i=0; while [ $i -lt 200 ]; do echo x > $d/$i; i=$((i+1)); done; done");
        var before = OpenFolders();
        using (var scan = new FolderScan(Volume))
        {
            var steps = 0;
            for (; !scan.IsDone; steps++)
                scan.Step(TimeSpan.Zero);
            Assert.InRange(steps, 10, 1_000);
            Assert.Equal((await DuAsync(), 1_005, false), (scan.Bytes, scan.Entries, scan.IsIncomplete));
        }

        using (var given_up = new FolderScan(Volume))
            given_up.Step(TimeSpan.Zero);
        Assert.Equal(before, OpenFolders());
    }

    private int OpenFolders() => Directory.GetFiles("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget?.StartsWith(_folder.Path, StringComparison.Ordinal) == true)
        + Directory.GetDirectories("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget?.StartsWith(_folder.Path, StringComparison.Ordinal) == true);

    private Task ShellAsync(string script) => RunAsync("sh", "-ec", script);

    private async Task<long> DuAsync() => long.Parse((await RunAsync("du", "-s", "--block-size=1", ".")).Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Volume, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
