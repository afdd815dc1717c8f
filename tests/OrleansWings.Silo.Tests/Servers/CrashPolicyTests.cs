using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class CrashPolicyTests
{
    [Theory]
    [InlineData(true, PowerState.Running, 1, false, null, null)]
    [InlineData(true, PowerState.Running, 137, false, 60.0, null)]
    [InlineData(true, PowerState.Running, -1, false, 61.0, null)]
    [InlineData(true, PowerState.Running, 1, false, 59.9, "It crashed less than 60 seconds after the last crash, so it is not started again by itself.")]
    [InlineData(true, PowerState.Running, 1, false, 0.0, "It crashed less than 60 seconds after the last crash, so it is not started again by itself.")]
    [InlineData(true, PowerState.Running, 0, false, null, "It ended by itself without a fault, so it is not started again.")]
    [InlineData(true, PowerState.Starting, 1, false, null, "It had not come up yet, so it is not started again by itself.")]
    [InlineData(true, PowerState.Running, 0, true, null, null)]
    [InlineData(true, PowerState.Starting, 143, true, null, null)]
    [InlineData(true, PowerState.Running, 0, true, 10.0, "It crashed less than 60 seconds after the last crash, so it is not started again by itself.")]
    [InlineData(false, PowerState.Running, 0, true, null, "Restarting after a crash is switched off for this server.")]
    [InlineData(false, PowerState.Running, 1, false, null, "Restarting after a crash is switched off for this server.")]
    [InlineData(false, PowerState.Starting, 0, false, 1.0, "Restarting after a crash is switched off for this server.")]
    public void WhyNotRestart_PerCase_SaysWhy(bool isOn, PowerState power, int code, bool wasUnattended, double? secondsSinceLast, string? reason)
    {
        var now = ServerSamples.Now;
        DateTimeOffset? last = secondsSinceLast is { } seconds ? now.AddSeconds(-seconds) : null;

        Assert.Equal(reason, CrashPolicy.WhyNotRestart(ServerSamples.Spec with { RestartOnCrash = isOn }, power, code, wasUnattended, last, now));
    }

    [Fact]
    public void Describe_PerExit_SaysItForPeople()
    {
        (ContainerExit? Exit, string Text)[] cases =
        [
            (null, "its container was removed by somebody else, so its exit code is not known"),
            (new(137, true, default), "the kernel ended it for want of memory (exit code 137)"),
            (new(3, true, default), "exit code 3, after the kernel had ended one of its processes for want of memory"),
            (new(139, true, default), "it was ended by SIGSEGV (exit code 139), after the kernel had ended one of its processes for want of memory"),
            (new(126, false, default), "its start-up command could not be executed (exit code 126)"),
            (new(127, false, default), "its start-up command was not found (exit code 127)"),
            (new(137, false, default), "it was ended by SIGKILL (exit code 137)"),
            (new(143, false, default), "it was ended by SIGTERM (exit code 143)"),
            (new(139, false, default), "it was ended by SIGSEGV (exit code 139)"),
            (new(128, false, default), "exit code 128"),
            (new(200, false, default), "exit code 200"),
            (new(0, false, default), "exit code 0"),
            (new(3, false, default), "exit code 3"),
        ];

        Assert.All(cases, one => Assert.Equal(one.Text, ExitText.Describe(one.Exit)));
        Assert.Equal(
            "it was ended by SIGKILL (exit code 137); the kernel had ended it, or one of its processes, for want of memory",
            ExitText.Describe(new ContainerExit(137, true, default), wasAskedFor: true));
    }

    [Fact]
    public void Describe_PerStartFault_SaysWhatToDo()
    {
        (Exception Exception, string Text)[] cases =
        [
            (new PortTakenException("0.0.0.0:25565", "bind: address already in use"), "Port 0.0.0.0:25565 is in use on this host by another program. Stop that program, or give the server another port."),
            (new ImageMissingException("game:1"), "The image game:1 is not on this host."),
            (new ImagePullException("game:1", "the registry has no such image or tag.", words: "manifest unknown: manifest unknown"), "The image game:1 could not be pulled: the registry has no such image or tag."),
            (new ImagePullException("game:1", "odd words of an engine"), "The image game:1 could not be pulled: odd words of an engine"),
            (new EngineException("No space left on device"), "No space left on device"),
            (new IOException("Read-only file system"), "The server's folder could not be prepared: Read-only file system"),
            (new UnauthorizedAccessException("Denied"), "The server's folder could not be prepared: Denied"),
            (new InvalidOperationException("Odd"), "Something unforeseen happened: Odd"),
        ];

        Assert.All(cases, one => Assert.Equal(one.Text, StartFault.Describe(one.Exception)));
    }
}
