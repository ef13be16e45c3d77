namespace Pipeline.Inference;

/// <summary>How a picture of another shape comes into the model's.</summary>
internal enum ResizeRule
{
    /// <summary>All of it fills all of the model's.</summary>
    Stretch,

    /// <summary>Its middle fills the model's.</summary>
    Crop,

    /// <summary>All of it lies in the middle of the model's, undistorted; the rest is black.</summary>
    Letterbox,
}

/// <summary>The size that a model takes, and how a picture of another comes to it.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="CropShare">Of <see cref="ResizeRule.Crop"/>: which share of the largest middle part that has the model's shape is kept.</param>
internal readonly record struct PictureFit(int Width, int Height, ResizeRule Rule = ResizeRule.Stretch, float CropShare = 1)
{
    /// <summary>What models are mostly tested with: of a picture whose shorter side is 256, the 224 in the middle.</summary>
    public const float UsualCropShare = 0.875f;

    /// <summary>Which middle part of an upright picture is taken, and how much of the model's it fills, in the middle, too.</summary>
    public (float TakenWidth, float TakenHeight, int FilledWidth, int FilledHeight) Of(int width, int height)
    {
        var (across, down) = ((float)width / Width, (float)height / Height);
        switch (Rule)
        {
            case ResizeRule.Crop:
                var scale = Math.Min(across, down) * CropShare;
                return (Math.Min(width, Width * scale), Math.Min(height, Height * scale), Width, Height);
            case ResizeRule.Letterbox:
                scale = Math.Max(across, down);
                return (width, height, Math.Clamp((int)MathF.Round(width / scale), 1, Width), Math.Clamp((int)MathF.Round(height / scale), 1, Height));
            default:
                return (width, height, Width, Height);
        }
    }
}
