namespace OrleansWings.Benchmarks;

/// <summary>Measured values of one kind.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Median => At(0.5);

    public void Add(TimeSpan value) => _values.Add(value.TotalMilliseconds);

    public void Add(double value) => _values.Add(value);

    /// <summary>The value that this part of all does not exceed.</summary>
    public double At(double part)
        => _values.Order().ElementAt(Math.Clamp((int)Math.Ceiling(part * _values.Count) - 1, 0, _values.Count - 1));
}
