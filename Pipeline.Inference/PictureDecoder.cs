using System.Diagnostics.CodeAnalysis;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults;
using SkiaSharp;

namespace Pipeline.Inference;

/// <summary>Makes of any picture the pixels that the model takes: its size, upright, RGB24 in sRGB. For one thread at a time.</summary>
internal sealed unsafe class PictureDecoder(PictureFit fit) : IDisposable
{
    /// <summary>JPEG and WebP can leave out what would be thrown away; these are the steps at which that is fast.</summary>
    private static readonly float[] Scales = [1 / 8f, 1 / 4f, 1 / 2f];

    private readonly SKColorSpace _srgb = SKColorSpace.CreateSrgb();       // Skia's own, the same for all
    private readonly Stretch _stretch = new(fit);

    /// <summary>Of the last picture: a camera sends one size, so the next one mostly needs no other.</summary>
    private SKBitmap? _decoded;

    /// <summary>Before anything else starts: a library that is not there is no fault of the pictures.</summary>
    /// <exception cref="StartupException">Skia's native library is missing.</exception>
    public static void WarmUp()
    {
        try
        {
            _ = SKColorSpace.CreateSrgb();
        }
        catch (Exception native) when (MissingLibrary.IsToldBy(native))
        {
            throw MissingLibrary.Of("Skia", "SkiaSharp has it for Linux, Windows and macOS", native);
        }
    }

    /// <summary>Pixels of the model's size are taken as they are: who sends them has fitted them.</summary>
    /// <param name="rgb">The model's width x height x 3 bytes; without a meaning where it fails.</param>
    public bool TryDecode(Picture picture, Span<byte> rgb, [NotNullWhen(false)] out Problem? problem)
    {
        try
        {
            problem = picture switch
            {
                Rgb24 raw when (raw.Width, raw.Height) == (fit.Width, fit.Height) => Copy(raw, rgb),
                Rgb24 raw => FitRaw(raw, rgb),
                _ => DecodeFile(picture, rgb),
            };
        }
        catch (Exception unforeseen)                         // memory for its pixels, too: the next picture may need less
        {
            problem = Problem.Of(unforeseen);
        }

        return problem is null;
    }

    private static Problem? Copy(Rgb24 raw, Span<byte> rgb)
    {
        raw.Data.Span.CopyTo(rgb);
        return null;
    }

    private Problem? FitRaw(Rgb24 raw, Span<byte> rgb)
    {
        var decoded = Room(new SKSizeI(raw.Width, raw.Height), SKAlphaType.Opaque);
        var rgba = new Span<byte>((void*)decoded.GetPixels(), decoded.ByteCount);
        var from = raw.Data.Span;
        for (var to = 0; to < rgba.Length; to += 4, from = from[Rgb24.BytesPerPixel..])
        {
            from[..Rgb24.BytesPerPixel].CopyTo(rgba[to..]);
            rgba[to + 3] = byte.MaxValue;
        }

        _stretch.Apply(rgba, decoded.Info.Size, SKEncodedOrigin.TopLeft, rgb);
        return null;
    }

    private Problem? DecodeFile(Picture picture, Span<byte> rgb)
    {
        using var pinned = picture.Data.Pin();
        using var data = SKData.Create((nint)pinned.Pointer, picture.Data.Length);
        using var codec = SKCodec.Create(data);
        if (codec is null)
        {
            return Picture.Broken(picture.Format, "it cannot be decoded");
        }

        if (Picture.SizeProblem(codec.Info.Width, codec.Info.Height) is { } problem)
        {
            return problem;
        }

        var decoded = Room(EnoughOf(codec), codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul);
        var result = codec.GetPixels(decoded.Info, decoded.GetPixels(), decoded.RowBytes, SKCodecOptions.Default);
        if (result != SKCodecResult.Success)
        {
            return Picture.Broken(picture.Format, result == SKCodecResult.IncompleteInput ? "it ends before its last pixel" : "its pixels cannot be decoded");
        }

        _stretch.Apply(decoded.GetPixelSpan(), decoded.Info.Size, codec.EncodedOrigin, rgb);
        return null;
    }

    /// <summary>The smallest size at which the file can be decoded and that still has every pixel of the result.</summary>
    private SKSizeI EnoughOf(SKCodec codec)
    {
        var enough = _stretch.Enough(codec.Info.Size, codec.EncodedOrigin);
        foreach (var scale in Scales)
        {
            var size = codec.GetScaledDimensions(scale);
            if (size.Width >= enough.Width && size.Height >= enough.Height)
            {
                return size;
            }
        }

        return codec.Info.Size;
    }

    /// <summary>Four bytes a pixel, no gaps between rows.</summary>
    private SKBitmap Room(SKSizeI size, SKAlphaType alpha)
    {
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, _srgb);
        if (_decoded?.Info != info)
        {
            _decoded?.Dispose();
            _decoded = null;                                 // where the next line fails, nobody uses the old one
            _decoded = new SKBitmap(info);
        }

        return _decoded;
    }

    public void Dispose() => _decoded?.Dispose();
}
