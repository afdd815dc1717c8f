using System.Net;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>What engines, and what stands before them, have put into the body of a refusal.</summary>
public sealed class EngineWordsTests
{
    private const string Unread = "The engine, or something between, answered 502 (Bad Gateway) and nothing that can be read.";

    [Theory]
    [InlineData("""{"message":"the disk is full."}""", "the disk is full.")]
    [InlineData("""{"message":"  no space\n"}""", "no space")]
    [InlineData("404 page not found\n", "404 page not found")]
    [InlineData("two\nlines", "two\nlines")]
    [InlineData(null, "The engine answered 502 (Bad Gateway).")]
    [InlineData(" \r\n", "The engine answered 502 (Bad Gateway).")]
    [InlineData("<html>\r\n<head><title>502 Bad Gateway</title></head></html>", Unread)]
    [InlineData("  <!DOCTYPE html>", Unread)]
    [InlineData("""{"message":"the disk is""", Unread)]
    [InlineData("""{"message":5}""", Unread)]
    [InlineData("""{"message":""}""", Unread)]
    [InlineData("""{"error":"x"}""", Unread)]
    [InlineData("[1]", Unread)]
    [InlineData("\u0001\u0002", Unread)]
    public void Of_Body_IsForAPerson(string? body, string expected) => Assert.Equal(expected, EngineWords.Of(HttpStatusCode.BadGateway, body));

    [Fact]
    public void Of_StatusWithoutAName_IsItsNumber() => Assert.Equal("The engine answered 599.", EngineWords.Of((HttpStatusCode)599, ""));

    [Fact]
    public void Of_VeryLongWords_AreCut() => Assert.Equal(new string('x', 1_000) + "…", EngineWords.Of(HttpStatusCode.InternalServerError, new string('x', 5_000)));
}
