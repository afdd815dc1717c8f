using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>What a host does with a server of its ledger after it has asked the record.</summary>
internal enum RecordVerdict
{
    /// <summary>The record wants it here.</summary>
    Keep,

    /// <summary>The record positively gave it to another host: our copy ends, before anything else.</summary>
    Leave,

    /// <summary>There is no record. That proves nothing: it goes on and is shown as unclaimed.</summary>
    Unclaimed,

    /// <summary>The store forgot what it had been told and we still know, or it has another host with our epoch: the record is to catch up or to decide, or what it says next would be passed over here as old.</summary>
    Behind,
}

/// <summary>The rule that nobody runs a server twice, and nobody ends what is not surely another's.</summary>
internal static class RecordVerdicts
{
    /// <summary>Judges one server.</summary>
    /// <param name="host">This host.</param>
    /// <param name="held">What its ledger has.</param>
    /// <param name="record">What the record has; null when it has nothing.</param>
    public static RecordVerdict Of(HostId host, ServerAssignment held, ServerAssignment? record) => record switch
    {
        null => RecordVerdict.Unclaimed,
        // An older epoch is an older copy of the store: it cannot take away what was given to us after it. The same one proves nothing either: the
        // record makes it a higher one first.
        _ when record.Host != host && record.Epoch > held.Epoch => RecordVerdict.Leave,
        _ when ServerWishes.AreRivals(record, held) => RecordVerdict.Behind,
        _ when ServerWishes.Compare(record, held) < 0 || ServerWishes.Contradict(record, held) => RecordVerdict.Behind,
        _ => RecordVerdict.Keep,
    };
}
