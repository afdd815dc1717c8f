namespace OrleansWings.Silo.Storage;

/// <summary>State in the cluster's store: says which form it has, so that a later version can read it.</summary>
public interface IStoredState
{
    /// <summary>The form's number; rises when a member changes its meaning.</summary>
    int Schema { get; set; }
}
