namespace OrleansWings.Servers;

/// <summary>Why something was not done. A refusal is an expected answer; a surprise is an exception.</summary>
[GenerateSerializer, Alias("server-refusal")]
public enum ServerRefusal
{
    /// <summary>Not refused: it has happened or is durably queued.</summary>
    None = 0,

    /// <summary>No server has this id.</summary>
    NotFound = 1,

    /// <summary>A start of a server that runs.</summary>
    AlreadyRunning = 2,

    /// <summary>A start of a server that is starting.</summary>
    AlreadyStarting = 3,

    /// <summary>A stop of a server that is stopping, or a start of one that has not exited yet.</summary>
    AlreadyStopping = 4,

    /// <summary>A stop of a server that is offline.</summary>
    AlreadyOffline = 5,

    /// <summary>A command to a server whose process does not run.</summary>
    NotRunning = 6,

    /// <summary>A command to a running server whose console is not attached at the moment; it is being attached again.</summary>
    NotAttached = 7,

    /// <summary>What was asked is not possible as it stands; <see cref="ServerResult.Faults"/> says which field and why.</summary>
    Invalid = 8,

    /// <summary>A port is held by another server or by a stranger's process on the host, is in no pool of it, or no more are free in its pools.</summary>
    PortTaken = 9,

    /// <summary>A server with this id exists and differs from what was asked.</summary>
    AlreadyExists = 10,

    /// <summary>The server is deleted, or is being deleted.</summary>
    Deleted = 11,

    /// <summary>The server's host does not answer. Its containers go on by themselves.</summary>
    HostUnreachable = 12,

    /// <summary>The host answers but its Docker engine does not.</summary>
    EngineUnreachable = 13,

    /// <summary>The call was sent and no answer came in time: it may have happened or not. Look at the state.</summary>
    OutcomeUnknown = 14,

    /// <summary>The named host is not known or cannot take the server, or no host can: the message says of each why not.</summary>
    NoHost = 15,

    /// <summary>What was asked could not be written down by the host or the cluster's store (a full disk, for one); nothing was done.</summary>
    NotStored = 16,

    /// <summary>The server is suspended: it may not start. For a later version; nobody suspends yet.</summary>
    Suspended = 17,

    /// <summary>The server's files are being installed. For a later version; nobody installs yet.</summary>
    Installing = 18,

    /// <summary>Somebody changed the server since it was read; <see cref="ServerResult.Version"/> is the version it has now.</summary>
    Changed = 21,

    /// <summary>It can go wrong in a way that only a person can judge, and nobody has said that it was; the message names the risk.</summary>
    RiskNotAccepted = 30,

    /// <summary>
    /// The server has a host that answers and runs it there: only one that is offline, or whose host is lost, is given to another.
    /// Of a host's removal: the host is in the cluster.
    /// </summary>
    HostInUse = 31,

    /// <summary>A host cannot be removed while it has servers, unless their records are to go too; the message names them.</summary>
    HostHasServers = 32,

    /// <summary>No control process of the fleet can be reached from here: nothing was done. Game servers go on.</summary>
    FleetUnreachable = 33,

    /// <summary>A job's selection fits no server, or there is nothing to try again or to undo.</summary>
    NothingSelected = 34,

    /// <summary>Some of the servers are in a job that is not over; <see cref="ServerResult.Job"/> is that one.</summary>
    ServersInOtherJob = 35,

    /// <summary>A cancellation of a job that is over.</summary>
    JobIsOver = 36,

    /// <summary>A job is to be tried again or undone before it is over.</summary>
    JobNotOver = 37,

    /// <summary>A pool of ports cannot be removed while servers hold some of them; the message names the servers.</summary>
    PoolInUse = 20,
}
