using OrleansWings.Certificates;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A host comes with a certificate or a fleet's name that does not fit: it says which file or setting, why, and what to do; the others go on.</summary>
public sealed class WrongSettingsTests : IAsyncLifetime
{
    private FleetRun _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task A_certificate_of_another_name_or_that_has_expired_is_named_with_what_to_do()
    {
        var wrongName = await _fleet.AddAsync("host", "h2", ("WINGS_CERTIFICATES", _fleet.CertificatesOf("host", "h1")));
        Assert.Equal(1, await wrongName.RunToItsEndAsync());
        Assert.Contains($"WINGS_CERTIFICATES: {_fleet.CertificatesOf("host", "h1")}/certificate.pem: is for host:h1", wrongName.Output, StringComparison.Ordinal);
        Assert.Contains("Make it with 'orleans-wings certificates host h2'.", wrongName.Output, StringComparison.Ordinal);

        var expired = await _fleet.AddAsync("host", "h3");
        using (var authority = CertificateAuthority.Open(_fleet.Authority))
            Replace(authority, "h3", lifetime: TimeSpan.FromSeconds(-1));
        Assert.Equal(1, await expired.RunToItsEndAsync());
        Assert.Contains($"WINGS_CERTIFICATES: {_fleet.CertificatesOf("host", "h3")}/certificate.pem: expired at ", expired.Output, StringComparison.Ordinal);
        Assert.Contains("Make a new one with 'orleans-wings certificates host h3'.", expired.Output, StringComparison.Ordinal);
        await WorksAsync();
    }

    [Fact]
    public async Task A_certificate_of_another_CA_is_refused_by_both_ends_and_the_folder_is_named()
    {
        var stranger = await _fleet.AddAsync("host", "h2");
        using (var other = CertificateAuthority.Create(TimeProvider.System.GetUtcNow()))
            Replace(other, "h2", TimeSpan.FromDays(1));

        Assert.NotEqual(0, await stranger.RunToItsEndAsync());

        Assert.Contains($"WINGS_CERTIFICATES: {_fleet.CertificatesOf("host", "h2")}: no process of the fleet could be trusted", stranger.Output, StringComparison.Ordinal);
        Assert.Contains("is not signed by this fleet's CA", stranger.Output, StringComparison.Ordinal);
        Assert.Contains("put here the one that 'orleans-wings certificates host h2' makes with this fleet's CA.", stranger.Output, StringComparison.Ordinal);
        Assert.Equal(["h1"], (await _fleet.Fleet.ListHostsAsync()).Select(host => host.Id.Value));
        await WorksAsync();
    }

    [Theory]
    [InlineData("host")]
    [InlineData("control")]
    public async Task Another_name_of_the_fleet_is_refused_by_name(string role)
    {
        var lost = await _fleet.AddAsync(role, "n1", ("WINGS_CLUSTER", "night"));

        Assert.Equal(1, await lost.RunToItsEndAsync());

        Assert.Contains("WINGS_CLUSTER: this Redis holds the fleet 'orleans-wings', and this process was told 'night'.", lost.Output, StringComparison.Ordinal);
        Assert.Equal(["h1"], (await _fleet.Fleet.ListHostsAsync()).Select(host => host.Id.Value));
        await WorksAsync();
    }

    private async Task WorksAsync()
    {
        var server = await _fleet.RunServerAsync("h1", "works");
        Assert.True((await server.KillAsync()).IsAccepted);
        await FleetRun.WaitForAsync(server, PowerState.Offline);
    }

    // The certificate, its key and the CA that it came from.
    private void Replace(CertificateAuthority authority, string host, TimeSpan lifetime)
    {
        using var certificate = authority.Issue(new FleetIdentity(CertificateKind.Host, host), [], TimeProvider.System.GetUtcNow(), lifetime);
        var folder = _fleet.CertificatesOf("host", host);
        File.WriteAllText(Path.Combine(folder, CertificateFiles.Authority), authority.CertificatePem);
        File.WriteAllText(Path.Combine(folder, CertificateFiles.Certificate), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, CertificateFiles.Key), CertificateAuthority.KeyPemOf(certificate));
    }
}
