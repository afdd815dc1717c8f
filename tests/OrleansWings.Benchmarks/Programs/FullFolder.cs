namespace OrleansWings.Benchmarks.Programs;

/// <summary>A data folder with so many running servers, left to whoever runs next.</summary>
internal static class FullFolder
{
    private const int AtOnce = 4;

    /// <summary>Adds running servers until there are so many; gives the id of one.</summary>
    public static async Task<string> FillAsync(Uri engine, string folder, int servers)
    {
        await using var silo = await Installation.OpenAsync(engine, folder);
        var there = silo.Servers.All.Count;
        await Parallel.ForEachAsync(
            Enumerable.Range(there, Math.Max(0, servers - there)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => await silo.RunAsync($"server {i}"));
        return silo.Servers.All.First().Id.ToString();
    }
}
