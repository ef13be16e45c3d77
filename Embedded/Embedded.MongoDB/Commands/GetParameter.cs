namespace Embedded.MongoDB.Commands;

/// <summary>
/// getParameter: the one parameter that clients ask for, featureCompatibilityVersion; any other name is refused as the real server refuses it.
/// </summary>
internal static class GetParameter
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var first = call.Argument("getParameter"u8);
        var isAll = (first.IsString && first.Utf8.SequenceEqual("*"u8)) || (first.IsDocument && first.Field("allParameters"u8).IsTruthy);
        if (!isAll && call.Argument("featureCompatibilityVersion"u8).IsMissing)
        {
            throw new CommandException(ErrorCode.InvalidOptions, "no option found to get");
        }

        var reply = call.Reply;
        var version = reply.BeginDocument("featureCompatibilityVersion"u8);
        reply.WriteString("version"u8, ServerVersion.FeatureCompatibility);
        reply.EndDocument(version);
        return ValueTask.CompletedTask;
    }
}
