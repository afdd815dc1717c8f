namespace OrleansWings.Dashboard.Hosts;

/// <summary>What another machine has to be told to join this fleet. No secret is in it.</summary>
/// <param name="Store">The store's address without its password: "rediss://10.0.0.2:6379".</param>
/// <param name="HasPassword">Whether the store wants a password, which each machine reads from a file of its own.</param>
/// <param name="HasCertificates">Whether its processes know each other by certificates; else they talk in the clear.</param>
/// <param name="Cluster">The fleet's name; null for the usual one.</param>
/// <param name="IsLocal">Whether the store's address is one that only this machine reaches.</param>
public sealed record FleetEntrance(string Store, bool HasPassword, bool HasCertificates, string? Cluster, bool IsLocal);
