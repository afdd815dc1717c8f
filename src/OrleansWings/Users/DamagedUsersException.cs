namespace OrleansWings.Users;

/// <summary>What the users are written down in is there and says nothing that this program understands.</summary>
/// <param name="message">Which one it is, what is wrong with it and what to do.</param>
internal sealed class DamagedUsersException(string message) : IOException(message);
