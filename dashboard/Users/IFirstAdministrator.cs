namespace OrleansWings.Dashboard.Users;

/// <summary>The one administrator, made at the first start by a link that the terminal shows.</summary>
public interface IFirstAdministrator
{
    /// <summary>Whether nobody can sign in yet.</summary>
    bool IsMissing { get; }

    /// <summary>Whether a link's secret is the present one.</summary>
    /// <param name="code">As it came.</param>
    bool IsValidCode(string? code);

    /// <summary>Makes the administrator; works once.</summary>
    /// <param name="code">The link's secret.</param>
    /// <param name="password">As typed.</param>
    /// <returns>Null when made; else a sentence for the person.</returns>
    Task<string?> CreateAsync(string? code, string? password);
}
