using Microsoft.Extensions.Options;
using Pipeline.Contracts.Options;

namespace Pipeline.Producer.Sources;

/// <summary>What is no source stops the service at its start, like any other bad option.</summary>
internal sealed class SourceValidation : IValidateOptions<ProducerOptions>
{
    public ValidateOptionsResult Validate(string? name, ProducerOptions options)
    {
        try
        {
            options.Sources();
            return ValidateOptionsResult.Success;
        }
        catch (FormatException wrong)
        {
            return ValidateOptionsResult.Fail($"{CameraOptions.Section}:{nameof(CameraOptions.Source)}: {wrong.Message}");
        }
    }
}
