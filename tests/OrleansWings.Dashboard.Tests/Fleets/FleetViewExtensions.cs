using OrleansWings.Dashboard.Fleets;

namespace OrleansWings.Dashboard.Tests;

internal static class FleetViewExtensions
{
    /// <summary>Waits for a picture, at most ten seconds.</summary>
    public static async Task UntilAsync(this FleetView view, Predicate<FleetPicture> condition)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = view.Watch(Check);
        Check();
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(10));

        void Check()
        {
            if (condition(view.Current))
                seen.TrySetResult();
        }
    }
}
