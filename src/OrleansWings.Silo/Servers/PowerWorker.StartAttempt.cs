namespace OrleansWings.Silo.Servers;

/// <summary>What is remembered of one start from try to try.</summary>
public sealed partial class PowerWorker
{
    // What a start asks of the engine, in order.
    private enum StartStep
    {
        Find,
        Image,
        Network,
        Remove,
        Create,
        Start,
    }

    private sealed class StartAttempt
    {
        private StartStep _failedAt;

        /// <summary>What is asked for now.</summary>
        public StartStep Step { get; set; }

        public bool IsImageTold { get; set; }

        /// <summary>What was last said of an engine that does not answer.</summary>
        public string? Told { get; set; }

        public bool IsStartSent { get; set; }

        /// <summary>To which engine; null when that is not known.</summary>
        public string? SentTo { get; set; }

        public bool HasFoundTheNameTaken { get; set; }

        public bool IsDiskChecked { get; set; }

        /// <summary>How often in a row the engine did not answer, though it was there.</summary>
        public int Failures { get; set; }

        /// <summary>Since when: a timestamp.</summary>
        public long FailingSince { get; private set; }

        /// <summary>Of a step that comes after the one that failed before it is the first failure: the engine has answered meanwhile.</summary>
        public void OnFailed(TimeProvider time)
        {
            if (Step > _failedAt)
                (_failedAt, Failures) = (Step, 0);
            if (Failures++ == 0)
                FailingSince = time.GetTimestamp();
        }
    }
}
