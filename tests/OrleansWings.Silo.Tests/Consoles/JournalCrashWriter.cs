using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Consoles;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>
/// The test program itself, started with a folder in its environment: it appends to a journal as fast as it can and says
/// on its output what it has appended, until it is killed.
/// </summary>
internal static class JournalCrashWriter
{
    public const string Variable = "ORLEANSWINGS_TEST_JOURNAL";

    private const int MostRecords = 5_000_000;

    /// <summary>The text of a record, told from its number.</summary>
    public static string TextOf(long sequence) => $"{sequence} {new string((char)('a' + sequence % 26), (int)(sequence * 7919 % 200))}";

    [ModuleInitializer]
    internal static void RunInstead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
            return;
        using var journal = new ConsoleJournal(JournalTesting.Server, folder, new ConsoleOptions(), TimeProvider.System, NullLogger.Instance);
        using var records = new RecordBuffer();
        using var output = Console.OpenStandardOutput();
        for (var sequence = journal.Head.Sequence; sequence < MostRecords;)
        {
            for (var i = 0; i < 50; i++, sequence++)
                records.Add(TimeProvider.System.GetUtcNow(), ConsoleSource.Game, ConsoleFlags.None, Encoding.UTF8.GetBytes(TextOf(sequence)));
            journal.Append(records);
            output.Write(Encoding.ASCII.GetBytes($"{sequence - 1}\n"));
            output.Flush();
        }

        Environment.Exit(0);
    }
}
