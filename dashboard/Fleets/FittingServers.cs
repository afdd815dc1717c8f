using System.Collections;
using System.Collections.Immutable;
using OrleansWings.Fleets;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>Those servers of a picture that a person looks for, in its order: places in the shared list, which is not copied. A list of rows takes its slice of it.</summary>
/// <remarks>It belongs to one <see cref="FleetFilter"/> and one circuit, and shows what the filter last found. It is a whole list because the framework's rows skip quickly only in one.</remarks>
public sealed class FittingServers : IReadOnlyList<ServerListing>, IList<ServerListing>
{
    private ImmutableArray<ServerListing> _servers = [];
    // Null for all of them.
    private int[]? _places;
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count => _places is null ? _servers.Length : _count;

    /// <summary>Whether it can be changed from outside: never.</summary>
    public bool IsReadOnly => true;

    /// <summary>The server at this place among those that fit.</summary>
    public ServerListing this[int index] => _places is null ? _servers[index]
        : index < _count ? _servers[_places[index]] : throw new ArgumentOutOfRangeException(nameof(index));

    ServerListing IList<ServerListing>.this[int index] { get => this[index]; set => throw Fixed(); }

    /// <inheritdoc />
    public IEnumerator<ServerListing> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
            yield return this[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    public bool Contains(ServerListing item) => IndexOf(item) >= 0;

    /// <inheritdoc />
    public int IndexOf(ServerListing item)
    {
        var index = Count - 1;
        while (index >= 0 && !ReferenceEquals(this[index], item))
            index--;
        return index;
    }

    /// <inheritdoc />
    public void CopyTo(ServerListing[] array, int arrayIndex)
    {
        foreach (var listing in this)
            array[arrayIndex++] = listing;
    }

    void ICollection<ServerListing>.Add(ServerListing item) => throw Fixed();

    void ICollection<ServerListing>.Clear() => throw Fixed();

    bool ICollection<ServerListing>.Remove(ServerListing item) => throw Fixed();

    void IList<ServerListing>.Insert(int index, ServerListing item) => throw Fixed();

    void IList<ServerListing>.RemoveAt(int index) => throw Fixed();

    internal void Show(ImmutableArray<ServerListing> servers) => (_servers, _places, _count) = (servers, null, 0);

    internal void Show(ImmutableArray<ServerListing> servers, Func<ServerListing, bool> fits)
    {
        // The same memory for each picture: it grows to the most that was ever found.
        (_servers, _count) = (servers, 0);
        _places ??= [];
        for (var place = 0; place < servers.Length; place++)
        {
            if (!fits(servers[place]))
                continue;
            if (_count == _places.Length)
                Array.Resize(ref _places, Math.Max(64, 2 * _count));
            _places[_count++] = place;
        }
    }

    private static NotSupportedException Fixed() => new("What is found is changed by its filter only.");
}
