using Microsoft.Extensions.Options;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults;

namespace Pipeline.Inference;

/// <summary>What makes this program the shadow of another one like it: a group of its own, a topic of its own, a share of the images.</summary>
internal static class ShadowExtensions
{
    private const string NoTopic =
        $"{ShadowOptions.Section}__{nameof(ShadowOptions.Share)} makes this a shadow, and {TopicOptions.Section}__{nameof(TopicOptions.Shadow)} does not name the topic of its predictions.";

    /// <summary>Whether the settings say so.</summary>
    public static bool IsShadow(this IHostApplicationBuilder builder) =>
        !string.IsNullOrEmpty(builder.Configuration[$"{ShadowOptions.Section}:{nameof(ShadowOptions.Share)}"]);

    /// <summary>Gives whoever asks for topics and groups those of the shadow.</summary>
    /// <param name="groups">Those of the pipeline.</param>
    public static GroupOptions AddShadow(this IHostApplicationBuilder builder, GroupOptions groups)
    {
        builder.Services.AddOptions<TopicOptions>().Validate(topics => topics.HasShadow(), NoTopic);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<TopicOptions>>().Value.OfShadow());
        builder.Services.AddSingleton(groups.OfShadow());
        return groups.OfShadow();
    }
}
