namespace OrleansWings.Users;

/// <summary>Where the users are written down: a file of this machine, or the store that all control silos of a fleet share.</summary>
internal interface IUserDocument
{
    /// <summary>For messages: which one it is.</summary>
    string Name { get; }

    /// <summary>Whether others write it too, so that what was read grows old.</summary>
    bool IsShared { get; }

    /// <summary>What is in it; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    byte[]? Read();

    /// <summary>Writes it, unless somebody else did since it was read.</summary>
    /// <param name="content">The new content.</param>
    /// <param name="before">What was read; null for none.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="IOException">It cannot be written now.</exception>
    bool Write(byte[] content, byte[]? before);
}
