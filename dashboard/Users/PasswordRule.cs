namespace OrleansWings.Dashboard.Users;

/// <summary>What a password must be. Length only: rules about kinds of characters make passwords that people write down.</summary>
public static class PasswordRule
{
    /// <summary>The fewest characters.</summary>
    public const int MinLength = 10;

    /// <summary>The most characters: hashing costs time.</summary>
    public const int MaxLength = 256;

    /// <summary>What is wrong with a password; null when nothing is. Never repeats it.</summary>
    /// <param name="password">As typed.</param>
    public static string? Check(string? password)
        => string.IsNullOrWhiteSpace(password) ? "The password is empty."
            : password.Length < MinLength ? $"The password is too short: it needs at least {MinLength} characters."
            : password.Length > MaxLength ? $"The password is too long: at most {MaxLength} characters."
            : null;
}
