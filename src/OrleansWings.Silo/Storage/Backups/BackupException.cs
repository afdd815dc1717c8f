namespace OrleansWings.Silo.Storage.Backups;

/// <summary>Why a backup could not be taken, read or restored, in words for the person at the terminal.</summary>
public sealed class BackupException(string message) : Exception(message);
