namespace OrleansWings.Silo.Servers;

/// <summary>What is said of a step that takes a while: a sentence, and how much of it is done.</summary>
public sealed partial class PowerWorker
{
    private (string? Text, double? Progress) _activity;

    private void SetActivity(string? text, double? progress, bool announce = true)
    {
        if (_activity == (text, progress))
            return;
        _activity = (text, progress);
        if (announce)
            Announce();
    }

    // What was said of a step that is over, unless something else is said by now.
    private void ClearActivity(string? told)
    {
        if (told is not null && _activity.Text == told)
            SetActivity(null, null);
    }
}
