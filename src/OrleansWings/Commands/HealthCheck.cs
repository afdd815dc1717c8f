using System.Net;
using OrleansWings.Settings;

namespace OrleansWings.Commands;

/// <summary>Asks the program that runs with the same settings whether it is ready; for a container's or a supervisor's health check.</summary>
internal static class HealthCheck
{
    // A check that takes longer than its own time-out is as good as failed, and Docker would only say that it was.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(WingsMachine machine)
    {
        if (await FindFaultAsync(machine) is { } why)
            return await WingsCommands.FailAsync(why);
        await Console.Out.WriteLineAsync("ready");
        return 0;
    }

    /// <summary>Null when the program is ready; else why not.</summary>
    internal static async Task<string?> FindFaultAsync(WingsMachine machine)
    {
        if (!WingsOptionsReader.TryReadFirstUrl(machine, out var url, out var faults))
            return string.Join('\n', faults);
        return url.Port == 0
            ? $"{SettingNames.Urls}: port 0 is another one at every start, so nobody can be asked. Name a port."
            : await AskAsync(ToAsk(url));
    }

    /// <summary>Where a program that listens there is reached from its own machine.</summary>
    internal static Uri ToAsk(BindingAddress url)
    {
        // A name is listened for on every address, and so is '*'; an address is that one alone.
        var host = !IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) || address.Equals(IPAddress.Any) ? "127.0.0.1"
            : address.Equals(IPAddress.IPv6Any) ? "[::1]"
            : url.Host;
        return new Uri($"{url.Scheme}://{host}:{url.Port}/health/ready");
    }

    private static async Task<string?> AskAsync(Uri url)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        // The certificate is for the name that browsers use. Nobody is between us and our own machine.
        if (url.IsLoopback)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { Timeout = s_limit, MaxResponseContentBufferSize = 64 * 1024 };
        try
        {
            using var answer = await client.GetAsync(url);
            var text = await answer.Content.ReadAsStringAsync();
            return answer.StatusCode switch
            {
                HttpStatusCode.OK when text == "ready" => null,
                HttpStatusCode.ServiceUnavailable when text.StartsWith("not ready", StringComparison.Ordinal) => text,
                _ => $"{url} answers ({(int)answer.StatusCode}), but not as OrleansWings does.",
            };
        }
        catch (OperationCanceledException)
        {
            return $"{url} did not answer within {s_limit.TotalSeconds:0} s.";
        }
        catch (HttpRequestException e)
        {
            return $"{url} does not answer: {e.GetBaseException().Message}";
        }
    }
}
