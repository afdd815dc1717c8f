using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OrleansWings.Silo.Storage;

/// <summary>
/// The one connection of this process to Redis. Never gives up: a store that is away is asked again, and what cannot be
/// sent within two seconds fails, so that a caller is told before its own patience ends.
/// </summary>
/// <param name="configuration">Where it is.</param>
/// <param name="time">The time.</param>
/// <param name="logger">For what there is to say while it is away.</param>
/// <param name="patience">How long an answer may take; null for the two seconds.</param>
internal sealed partial class RedisLink(ConfigurationOptions configuration, TimeProvider time, ILogger<RedisLink> logger, TimeSpan? patience = null) : IAsyncDisposable
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_sayEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private ConnectionMultiplexer? _connection;

    /// <summary>Why the store does not answer, in words; null when it last did.</summary>
    public string? Problem { get; private set; } = "The cluster's store has not been asked yet.";

    /// <summary>The connection, which mends itself; does not wait until somebody answers.</summary>
    public async Task<ConnectionMultiplexer> GetAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(Patient(configuration, patience)).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until the store answers, however long that takes.</summary>
    public async Task<IDatabase> WaitUntilAnswersAsync(CancellationToken cancellationToken)
    {
        var saidAt = time.GetTimestamp();
        var hasSaid = false;
        while (true)
        {
            try
            {
                await StoreKnock.WaitAsync(configuration.EndPoints, time, cancellationToken).ConfigureAwait(false);
                var database = (await GetAsync().WaitAsync(cancellationToken).ConfigureAwait(false)).GetDatabase();
                await database.PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                Problem = null;
                return database;
            }
            catch (Exception e) when (IsAway(e) && !cancellationToken.IsCancellationRequested)
            {
                Problem = $"The cluster's store at {Describe(configuration)} does not answer: {FirstLine(e)}";
                if (!hasSaid || time.GetElapsedTime(saidAt) > s_sayEvery)
                {
                    LogAway(logger, Problem);
                    (hasSaid, saidAt) = (true, time.GetTimestamp());
                }
            }

            await Task.Delay(s_askEvery, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    /// <summary>
    /// Whether an exception of the client's says that the store did not answer. A connection that breaks under a command cancels the
    /// command, or lets it fail with whatever its pipe said: none of them the client's own exceptions.
    /// </summary>
    internal static bool IsAway(Exception exception)
        => exception is RedisException or TimeoutException or InvalidOperationException or IOException or OperationCanceledException;

    /// <summary>The addresses alone: the whole text has the password in it.</summary>
    internal static string Describe(ConfigurationOptions configuration) => string.Join(", ", configuration.EndPoints.Select(ToText));

    private static string ToText(EndPoint point) => point is DnsEndPoint name ? $"{name.Host}:{name.Port}" : point.ToString()!;

    // The client's messages go on for a page of counters, and the reason may be that of an earlier try within.
    private static string FirstLine(Exception exception)
        => IsRefusal(exception) ? "it refuses the user or the password." : exception.Message.Split('\n', ',')[0].Trim();

    private static bool IsRefusal(Exception? exception)
        => exception is not null && (exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
            || exception.Message.Contains("WRONGPASS", StringComparison.Ordinal) || exception.Message.Contains("NOAUTH", StringComparison.Ordinal)
            || IsRefusal(exception.InnerException));

    private static ConfigurationOptions Patient(ConfigurationOptions configuration, TimeSpan? patience)
    {
        var patient = configuration.Clone();
        patient.AbortOnConnectFail = false;
        patient.ConnectTimeout = 2_000;
        patient.SyncTimeout = patient.AsyncTimeout = (int)(patience?.TotalMilliseconds ?? 2_000);
        patient.KeepAlive = 5;
        patient.ReconnectRetryPolicy = new LinearRetry(500);
        patient.ClientName = WingsNames.ServiceId;
        return patient;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} It is asked again; game servers go on.")]
    private static partial void LogAway(ILogger logger, string problem);
}
