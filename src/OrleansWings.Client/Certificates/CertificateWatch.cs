using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansWings.Certificates;

/// <summary>Looks at the certificate files each minute, and warns before the certificate ends.</summary>
internal sealed partial class CertificateWatch(FleetCertificates certificates, ILogger<CertificateWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_remindEvery = TimeSpan.FromDays(1);

    private string? _toldFault;
    private DateTimeOffset? _lastReminder;

    /// <summary>One look; what is wrong is said once, that the certificate ends soon once a day.</summary>
    internal void Look()
    {
        if (certificates.Refresh())
            LogRenewed(logger, certificates.Self, PeerRules.Say(certificates.ExpiresAt));
        if (certificates.Fault is { } fault && fault != _toldFault)
            LogFault(logger, fault);
        _toldFault = certificates.Fault;
        Remind(certificates.Time.GetUtcNow());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FleetCertificates.LookInterval, certificates.Time);
        try
        {
            do
                Look();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Remind(DateTimeOffset now)
    {
        if (!certificates.ExpiresSoon)
            _lastReminder = null;
        else if (_lastReminder is null || now - _lastReminder >= s_remindEvery)
        {
            _lastReminder = now;
            if (now > certificates.ExpiresAt)
                LogExpired(logger, certificates.Self, PeerRules.Say(certificates.ExpiresAt));
            else
                LogExpiresSoon(logger, certificates.Self, PeerRules.Say(certificates.ExpiresAt));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "New certificates of {Identity} are in use, valid until {ExpiresAt}")]
    private static partial void LogRenewed(ILogger logger, FleetIdentity identity, string expiresAt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificates on disk are not used, the ones read before stay in force: {Fault}")]
    private static partial void LogFault(ILogger logger, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate of {Identity} expires at {ExpiresAt}: make a new one with 'orleans-wings certificates'; it is used without a restart")]
    private static partial void LogExpiresSoon(ILogger logger, FleetIdentity identity, string expiresAt);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate of {Identity} expired at {ExpiresAt}: nobody accepts new connections of this process")]
    private static partial void LogExpired(ILogger logger, FleetIdentity identity, string expiresAt);
}
