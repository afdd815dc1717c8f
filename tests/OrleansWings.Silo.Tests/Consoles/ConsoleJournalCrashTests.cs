using System.Diagnostics;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleJournalCrashTests : IDisposable
{
    private readonly JournalTesting _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Open_WriterWasKilledAtFullSpeed_HasAllThatWasAppendedAndNumbersOn()
    {
        var before = 0L;
        for (var kill = 0; kill < 4; kill++)
        {
            var told = await WriteUntilKilledAsync(lines: 200 * (kill + 1));
            _test.Reopen();
            var end = _test.Journal.Head.Sequence;

            Assert.True(end > told && told > before, $"Kill {kill}: told {told}, found {end - 1}, before {before}.");
            var lines = _test.ReadAll(new ConsolePosition(1, before + 1));
            Assert.Equal(end - before - 1, lines.Count);
            for (var i = 0; i < lines.Count; i++)
            {
                Assert.Equal(new ConsolePosition(1, before + 1 + i), lines[i].Position);
                Assert.Equal(JournalCrashWriter.TextOf(before + 1 + i), JournalTesting.Text(lines[i]));
            }

            before = end - 1;
        }

        Assert.Empty(_test.Warnings);
    }

    [Fact]
    public void Open_FileCutAnywhereInTheLastRecord_TakesItOffAndNumbersOn()
    {
        _test.Append("first", "the second");
        var path = _test.SegmentPath(1, 1);
        var (first, all) = (ConsoleRecordCodec.Overhead + 5, (int)new FileInfo(path).Length);
        var bytes = File.ReadAllBytes(path);
        for (var length = first + 1; length < all; length++)
        {
            _test.Journal.Dispose();
            File.WriteAllBytes(path, bytes[..length]);
            _test.Reopen();

            Assert.Equal(new ConsolePosition(1, 2), _test.Journal.Head);
            Assert.Equal(first, new FileInfo(path).Length);
        }

        _test.Append("again");
        Assert.Equal(["first", "again"], _test.Texts());
        Assert.Empty(_test.Warnings);
    }

    [Fact]
    public void Open_DamageInTheMiddle_IsLeftAndItsNumbersAreNotUsedAgain()
    {
        _test.AppendNumbered(1, 100);
        _test.Journal.Dispose();
        var path = _test.SegmentPath(1, 1);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        _test.Reopen().BeginRun(1);
        _test.AppendNumbered(1000, 5);

        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.True(_test.Journal.Head.Sequence > 106);
        var texts = _test.Texts();
        Assert.InRange(texts.Length, 40, 60);
        Assert.Equal("1000", texts[^5]);
        Assert.Contains(_test.Warnings, w => w.Contains("is damaged from record"));
        Assert.Equal(texts, Reopened().Texts());
    }

    [Fact]
    public void Open_DamageInAnOldFile_IsAGap()
    {
        _test.Options.SegmentBytes = 1000;
        _test.AppendNumbered(1, 100, length: 50, block: 10);
        _test.Journal.Dispose();
        File.WriteAllText(_test.SegmentPath(1, 11), "not a journal");
        File.Delete(_test.SegmentPath(1, 31));
        _test.Reopen();
        File.Delete(_test.SegmentPath(1, 51));

        Assert.Equal(
            [.. Enumerable.Range(1, 10), .. Enumerable.Range(21, 10), .. Enumerable.Range(41, 10), .. Enumerable.Range(61, 40)],
            _test.Texts().Select(t => int.Parse(t.TrimEnd('.'))));
        Assert.Equal("not a journal", File.ReadAllText(_test.SegmentPath(1, 11)));
    }

    [Fact]
    public void Open_AlienFiles_AreLeftAndNamedInTheLog()
    {
        _test.Append("a");
        string[] aliens =
        [
            Path.Combine(_test.Folder, "notes.txt"), Path.Combine(_test.Folder, "007"), Path.Combine(_test.Folder, "1", "core"),
            Path.Combine(_test.Folder, "1", "99999999999999999999.log"), Path.Combine(_test.Folder, "1", "1.log"),
        ];
        foreach (var alien in aliens)
            File.WriteAllText(alien, "hello");
        Directory.CreateDirectory(_test.SegmentPath(1, 50));
        Reopened().Append("b");

        Assert.Equal(["a", "b"], _test.Texts());
        Assert.All(aliens, a => Assert.Equal("hello", File.ReadAllText(a)));
        Assert.All(aliens, a => Assert.Contains(_test.Warnings, w => w.StartsWith(a, StringComparison.Ordinal)));
    }

    [Fact]
    public void BeginRun_LowerThanAFolderFound_SetsThatAside()
    {
        _test.Journal.BeginRun(9);
        _test.Append("nine");
        Reopened();
        _test.Journal.BeginRun(2);
        _test.Append("two");

        Assert.Equal(new ConsolePosition(2, 2), _test.Journal.Head);
        Assert.Equal(["two"], _test.Texts());
        Assert.True(File.Exists(_test.SegmentPath(9, 1)));
    }

    private JournalTesting Reopened()
    {
        _test.Reopen();
        return _test;
    }

    // Returns the last record it told us of.
    private async Task<long> WriteUntilKilledAsync(int lines)
    {
        using var writer = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            Environment = { [JournalCrashWriter.Variable] = _test.Folder },
            RedirectStandardOutput = true,
        })!;
        try
        {
            var last = "";
            for (var i = 0; i < lines; i++)
                last = await writer.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
            return long.Parse(last!);
        }
        finally
        {
            writer.Kill();
            await writer.WaitForExitAsync();
        }
    }
}
